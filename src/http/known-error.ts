import { HttpException } from '@nestjs/common';
import { ApiError, serviceUnavailable } from './api-error.js';
import { codeOf } from './error-code.js';
import { fromFastifyError } from './fastify-error.js';
import { fromHttpException } from './http-exception.js';
import { isUnreachable } from './unreachable-error.js';

const RETRY_AFTER_SECONDS = 5;
const SCHEMA_RETRY_SECONDS = 60;

/** What is said while the database cannot be reached. */
export const DATABASE_AWAY = `The service cannot reach its database at the moment; try again in ${RETRY_AFTER_SECONDS} seconds`;

/** What is said while the database has an older schema than this release, or none: `RUN_MIGRATIONS=false`. */
export const SCHEMA_MISSING =
  'The database of the service has not been prepared for this release; its operator has to run the migrations';

/** undefined_table, undefined_column. */
const SCHEMA_CODES = new Set(['42P01', '42703']);

/**
 * Says in the terms of the API what was thrown, whoever threw it.
 *
 * @param thrown an ApiError, an exception of Nest, an error of Fastify (bare or as the cause that Nest wraps), an
 * error of the database
 * @returns what the client is told, or undefined for what nobody foresaw: a 500
 */
export function toKnownError(thrown: unknown): ApiError | undefined {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof HttpException) return fromFastifyError(thrown.cause) ?? fromHttpException(thrown);
  const known = fromFastifyError(thrown);
  if (known) return known;
  if (isUnreachable(thrown)) {
    return serviceUnavailable(DATABASE_AWAY, RETRY_AFTER_SECONDS, thrown);
  }
  if (SCHEMA_CODES.has(codeOf(thrown) ?? '')) {
    return serviceUnavailable(SCHEMA_MISSING, SCHEMA_RETRY_SECONDS, thrown);
  }
  return undefined;
}
