import { codeOf } from '#libs/errors';
/**
 * Server problems, as opposed to errors of the statement, by SQLSTATE:
 *
 * - `gone`: the server is shutting down, stopped or starting; its connections are unusable
 * - `read_only`: the server was demoted or set to read-only
 * - `exhausted`: the server lacks memory, disk, connections or another resource
 * - `interrupted`: the statement was cancelled or lost a conflict; it may be repeated at once
 */
export type ServerTrouble = 'gone' | 'read_only' | 'exhausted' | 'interrupted';

/**
 * Codes of an unavailable, demoted or exhausted server. Any other code is a bug of the application, which no retry
 * fixes.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const TROUBLES: ReadonlyArray<readonly [codes: RegExp, trouble: ServerTrouble]> = [
  // Class 08, connection exception. For 08P01 see below.
  [/^08(?!P01)/, 'gone'],
  // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout
  [/^57P0[1-5]$/, 'gone'],
  // idle_in_transaction_session_timeout, transaction_timeout: the server closed the connection.
  [/^25P0[34]$/, 'gone'],
  // Class 58, system error outside of PostgreSQL: its disk fails or its files are missing.
  [/^58/, 'gone'],
  // Login rejected, which is transient while passwords rotate or a database is restored.
  [/^(28000|28P01|3D000)$/, 'gone'],
  // read_only_sql_transaction. Reelport opens no read-only transactions, so the server is read-only.
  [/^25006$/, 'read_only'],
  // Class 53, insufficient resources: disk full, out of memory, too many connections.
  [/^53/, 'exhausted'],
  // query_canceled (statement_timeout), lock_not_available, serialization_failure, statement_completion_unknown, deadlock.
  [/^(57014|55P03|40001|40003|40P01)$/, 'interrupted'],
];

/** PgBouncer reports any server failure as protocol_violation; from PostgreSQL the code means a client bug. */
const PROTOCOL_VIOLATION = '08P01';

/** @returns undefined if the error is not from PostgreSQL or does not concern the server */
export function serverTrouble(error: unknown): ServerTrouble | undefined {
  const code = codeOf(error);
  if (!(error instanceof Error) || code === undefined) return undefined;
  if (code === PROTOCOL_VIOLATION) return sentByPostgres(error) ? undefined : 'gone';
  return TROUBLES.find(([codes]) => codes.test(code))?.[1];
}

/** PostgreSQL includes the routine that raised an error; a pooler does not. */
function sentByPostgres(error: Error): boolean {
  return 'routine' in error && error.routine !== undefined;
}
