import type { Codes } from '../extension/codes.js';
import { DOWNLOAD_FAILURES } from '../imports/download-failures.js';
import { EngineFailure, failureWith, type FailureOptions, type ItemFailure } from '../imports/failure.js';

/** Failures that every kind of media has, a closed list; `{noun}` stands for that of the kind. */
export const MEDIA_FAILURES = {
  ...DOWNLOAD_FAILURES,
  EMPTY: { sentence: 'The file is empty', retryable: false },
  CHECKSUM_MISMATCH: {
    sentence: 'The {noun} is not the expected file (damaged in transit, or another at the source)',
    retryable: false,
  },
  METADATA_INVALID: { sentence: 'The metadata does not match the schema of the project', retryable: false },
  STORAGE_FAILED: { sentence: 'Could not store the {noun}', retryable: true },
  CANCELLED: { sentence: EngineFailure.cancelled.reason, retryable: EngineFailure.cancelled.retryable },
  PLAN_EXPIRED: {
    sentence: EngineFailure.planExpired.reason,
    retryable: EngineFailure.planExpired.retryable,
  },
  PROCESSING_TIMED_OUT: {
    sentence: EngineFailure.overdue.reason,
    retryable: EngineFailure.overdue.retryable,
  },
  INTERNAL: { sentence: EngineFailure.internal.reason, retryable: EngineFailure.internal.retryable },
} as const satisfies Codes;

/** Failures of kinds whose files are identified in processes of their own. */
export const ISOLATION_FAILURES = {
  UNREADABLE: { sentence: 'Reading the file exceeded the resource limits', retryable: false },
} as const satisfies Codes;

export type MediaFailureCode = keyof typeof MEDIA_FAILURES;

/** Creates the error that a common step throws to end an attempt. The worker puts in the noun of the kind. */
export function failure(code: MediaFailureCode, options?: FailureOptions): ItemFailure {
  return failureWith(MEDIA_FAILURES, code, options);
}
