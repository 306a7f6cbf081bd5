import { HttpException } from '@nestjs/common';
import { ApiError, serviceUnavailable } from './api-error.js';
import { codeOf } from '#libs/errors';
import { fromFastifyError } from './fastify-error.js';
import { fromHttpException } from './http-exception.js';
import { isUnreachable } from '../database/unreachable-error.js';

const RETRY_AFTER_SECONDS = 5;
const SCHEMA_RETRY_SECONDS = 60;

/** Sentence for an unavailable database. */
export const DATABASE_AWAY = `The database is unavailable; retry in ${RETRY_AFTER_SECONDS} seconds`;

/** Sentence for a database whose schema is older than this release, or missing: `RUN_MIGRATIONS=false`. */
export const SCHEMA_MISSING =
  'The database schema does not match this release; the operator must run the migrations';

/** undefined_table, undefined_column. */
const SCHEMA_CODES = new Set(['42P01', '42703']);

/**
 * Translates any thrown value into an API error.
 *
 * @param thrown an ApiError, an exception of Nest, an error of Fastify (bare or as the cause that Nest wraps), or a
 *   database error
 * @returns the error for the client, or undefined for an unexpected failure (500)
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
