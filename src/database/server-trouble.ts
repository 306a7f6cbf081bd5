/**
 * What an SQLSTATE says about the server, not about the statement:
 *
 * - `gone`: the server is going away, has gone or is not up yet; its connections are of no use any more
 * - `read_only`: the server was demoted, or was told to take no writes
 * - `exhausted`: the server lacks memory, disk, connections or another resource
 * - `interrupted`: this statement was cancelled or lost against another one; it may run again at once
 */
export type ServerTrouble = 'gone' | 'read_only' | 'exhausted' | 'interrupted';

/**
 * Every code of a server that is going, gone, demoted or short of something. Anything else is a fault of ours, which no
 * waiting mends.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const TROUBLES: ReadonlyArray<readonly [codes: RegExp, trouble: ServerTrouble]> = [
  // Class 08, connection exception. 08P01 is looked at more closely below.
  [/^08(?!P01)/, 'gone'],
  // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout
  [/^57P0[1-5]$/, 'gone'],
  // idle_in_transaction_session_timeout, transaction_timeout: the server ended the connection.
  [/^25P0[34]$/, 'gone'],
  // Class 58, system error outside of PostgreSQL: its disk fails or its files are not there.
  [/^58/, 'gone'],
  // Refused at the door, which is so for a moment where passwords rotate or a database is restored.
  [/^(28000|28P01|3D000)$/, 'gone'],
  // read_only_sql_transaction. No transaction of ours is opened read-only, so the server said so.
  [/^25006$/, 'read_only'],
  // Class 53, insufficient resources: disk full, out of memory, too many connections.
  [/^53/, 'exhausted'],
  // query_canceled (statement_timeout), lock_not_available, serialization_failure, statement_completion_unknown, deadlock.
  [/^(57014|55P03|40001|40003|40P01)$/, 'interrupted'],
];

/** PgBouncer reports whatever goes wrong behind it as protocol_violation; PostgreSQL means a fault of the client by it. */
const PROTOCOL_VIOLATION = '08P01';

/** @returns undefined where the server is not at fault, and where this is no error of PostgreSQL */
export function serverTrouble(error: unknown): ServerTrouble | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  if (code === PROTOCOL_VIOLATION) return sentByPostgres(error) ? undefined : 'gone';
  return TROUBLES.find(([codes]) => codes.test(code))?.[1];
}

/** PostgreSQL names the routine that raised an error, a pooler does not. */
function sentByPostgres(error: Error): boolean {
  return 'routine' in error && error.routine !== undefined;
}
