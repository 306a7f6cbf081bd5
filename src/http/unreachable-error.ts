import { QueryFailedError } from 'typeorm';
import { codeOf } from './error-code.js';

/** Connection errors of Node: system call codes that mean "nobody there", not "we did something wrong". */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * PostgreSQL: class 08 (connection exception), 57P01–57P03 (shutting down, crashed, starting up), 53300 (too many
 * connections). See https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const POSTGRES_CODES = /^(?:08...|57P0[123]|53300)$/;

/** Errors of pg, pg-pool, TypeORM and ioredis that carry no code, only these words. */
const MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Connection is closed|Reached the max retries per request limit)/;

/** Names of errors that say the same about a data source that has not been, or is no longer, connected. */
const NAMES = new Set(['CannotExecuteNotConnectedError', 'MaxRetriesPerRequestError']);

const MAX_CAUSES = 5;

/**
 * Tells "the database cannot be reached" (worth trying again) from every other failure.
 *
 * @param error anything that was thrown; causes, driver errors and the parts of an AggregateError are looked at too
 * @returns true where the connection is what failed
 */
export function isUnreachable(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > MAX_CAUSES) return false;
  const code = codeOf(error);
  if (code !== undefined && (SOCKET_CODES.has(code) || POSTGRES_CODES.test(code))) return true;
  if (NAMES.has(error.name) || MESSAGES.test(error.message)) return true;
  return innerErrors(error).some((inner) => isUnreachable(inner, depth + 1));
}

function innerErrors(error: Error): unknown[] {
  const inner: unknown[] = [error.cause];
  if (error instanceof QueryFailedError) inner.push(error.driverError);
  if (error instanceof AggregateError) inner.push(...error.errors);
  return inner;
}
