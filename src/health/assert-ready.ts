import type { HealthCheckResult } from '@nestjs/terminus';
import { ApiError } from '../http/api-error.js';

const RETRY_AFTER_SECONDS = 5;

/** Messages of failed checks by reason. The endpoint is public, so it reveals nothing else. */
const SENTENCES: Readonly<Record<string, string>> = {
  read_only: 'This takes no writes',
};

/** @throws ApiError 503 with the failed checks */
export function assertReady(result: HealthCheckResult): HealthCheckResult {
  if (result.status === 'ok' || result.status === 'degraded') return result;
  const failed = Object.entries(result.error ?? {}).map(([name, check]) => [name, sentenceOf(check)]);
  const details: Record<string, string> = Object.fromEntries(failed);
  throw new ApiError(503, failed.length > 0 ? details : { service: 'The service is shutting down' }, {
    retryAfter: RETRY_AFTER_SECONDS,
  });
}

/** 503 of a draining process, which finishes its requests and should receive no new ones. */
export function draining(): ApiError {
  return new ApiError(503, { service: 'The service is shutting down' }, { retryAfter: RETRY_AFTER_SECONDS });
}

function sentenceOf(check: Record<string, unknown> | undefined): string {
  return SENTENCES[String(check?.['reason'])] ?? 'This is down';
}
