import type { HealthCheckResult } from '@nestjs/terminus';
import { ApiError } from '../http/api-error.js';

const RETRY_AFTER_SECONDS = 5;

/** What is told of a check that failed, by its reason; everybody may ask, so that nothing else of it is told. */
const SENTENCES: Readonly<Record<string, string>> = {
  read_only: 'This takes no writes',
};

/** @throws ApiError 503 that names the checks that failed */
export function assertReady(result: HealthCheckResult): HealthCheckResult {
  if (result.status === 'ok' || result.status === 'degraded') return result;
  const failed = Object.entries(result.error ?? {}).map(([name, check]) => [name, sentenceOf(check)]);
  const details: Record<string, string> = Object.fromEntries(failed);
  throw new ApiError(503, failed.length > 0 ? details : { service: 'The service is shutting down' }, {
    retryAfter: RETRY_AFTER_SECONDS,
  });
}

/** A process that drains answers what it has, and wants nothing new. */
export function draining(): ApiError {
  return new ApiError(503, { service: 'The service is shutting down' }, { retryAfter: RETRY_AFTER_SECONDS });
}

function sentenceOf(check: Record<string, unknown> | undefined): string {
  return SENTENCES[String(check?.['reason'])] ?? 'This is down';
}
