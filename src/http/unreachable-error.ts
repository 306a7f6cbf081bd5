import { QueryFailedError } from 'typeorm';
import { serverTrouble } from '../database/server-trouble.js';
import { codeOf } from './error-code.js';

/** Connection errors of Node: system call codes that mean "nobody there", not "we did something wrong". */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Errors of pg, pg-pool, TypeORM and ioredis that carry no code, only these words. */
const MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Connection is closed|Reached the max retries per request limit)/;

/** Names of errors that say the same about a data source or its connection. */
const NAMES = new Set([
  'CannotExecuteNotConnectedError',
  'MaxRetriesPerRequestError',
  // What a transaction meets whose connection broke between two statements.
  'QueryRunnerAlreadyReleasedError',
  'QueryRunnerProviderAlreadyReleasedError',
]);

const MAX_CAUSES = 5;

/**
 * Tells "the database is unavailable" (worth trying again) from every other failure: it cannot be reached, it goes away,
 * it takes no writes, it lacks a resource, or it interrupted the statement.
 *
 * @param error anything that was thrown; causes, driver errors and the parts of an AggregateError are looked at too
 */
export function isUnreachable(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > MAX_CAUSES) return false;
  const code = codeOf(error);
  if (code !== undefined && SOCKET_CODES.has(code)) return true;
  if (serverTrouble(error) !== undefined) return true;
  if (NAMES.has(error.name) || MESSAGES.test(error.message)) return true;
  return innerErrors(error).some((inner) => isUnreachable(inner, depth + 1));
}

function innerErrors(error: Error): unknown[] {
  const inner: unknown[] = [error.cause];
  if (error instanceof QueryFailedError) inner.push(error.driverError);
  if (error instanceof AggregateError) inner.push(...error.errors);
  return inner;
}
