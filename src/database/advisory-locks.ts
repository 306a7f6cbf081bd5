/**
 * First key of every advisory lock of Reelport; no other program may use these in its database. Locks with a second key
 * use `hashtext` of what they name.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export enum AdvisoryLock {
  /** Migrations run in one process at a time. */
  Migrations = 7_333_501,
  /** One dispatch round at a time over all workers; second key: the kind. */
  Dispatch = 7_333_502,
  /** Cancelling and retrying take turns on an import; second key: the import. */
  ImportTurn = 7_333_503,
  /** One sweep of orphans at a time. */
  Sweep = 7_333_504,
}
