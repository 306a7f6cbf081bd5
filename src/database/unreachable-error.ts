import { QueryFailedError } from 'typeorm';
import { serverTrouble } from './server-trouble.js';
import { codeOf } from '#libs/errors';

/** System call errors of Node that mean "peer unavailable" rather than "wrong request". */
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

/** Messages of pg, pg-pool, TypeORM and ioredis errors without a code. */
const MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Connection is closed|Reached the max retries per request limit)/;

/** Names of errors with the same meaning about a data source or its connection. */
const NAMES = new Set([
  'CannotExecuteNotConnectedError',
  'MaxRetriesPerRequestError',
  // Raised in a transaction whose connection broke between two statements.
  'QueryRunnerAlreadyReleasedError',
  'QueryRunnerProviderAlreadyReleasedError',
]);

const MAX_CAUSES = 5;

/**
 * Distinguishes outages, which a retry can outlast, from all other failures: the database is unreachable, shuts down,
 * takes no writes, lacks a resource, or interrupted the statement.
 *
 * @param error any thrown value; its causes, driver errors and the parts of an AggregateError are examined as well
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
