/**
 * First keys of Reelport's advisory locks; no other program may use them in its database. A second key is the
 * `hashtext` of the named object.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export enum AdvisoryLock {
  /** One migrating process at a time. */
  Migrations = 7_333_501,
  /** One dispatch round at a time over all workers; second key: 0. */
  Dispatch = 7_333_502,
  /** One cancellation or retry of an import at a time; second key: the import. */
  ImportTurn = 7_333_503,
  /** One sweep of orphans at a time. */
  Sweep = 7_333_504,
  /** Reconciliations of a project; second key: its id and a number. */
  Reconcile = 7_333_509,
  /** One transaction at a time that records a medium; second key: its identity. */
  Medium = 7_333_510,
}
