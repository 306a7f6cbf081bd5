import { HttpException } from '@nestjs/common';
import { ApiError, serviceUnavailable } from './api-error.js';
import { fromFastifyError } from './fastify-error.js';
import { fromHttpException } from './http-exception.js';
import { isUnreachable } from './unreachable-error.js';

const RETRY_AFTER_SECONDS = 5;

/** What is said while the database cannot be reached. */
export const DATABASE_AWAY = `The service cannot reach its database at the moment; try again in ${RETRY_AFTER_SECONDS} seconds`;

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
  return undefined;
}
