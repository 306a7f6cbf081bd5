import type { CuredCodes } from '../extension/codes.js';
import { DOWNLOAD_FAILURES } from '../imports/download-failures.js';
import {
  ENGINE_CODES,
  EngineFailure,
  failureWith,
  type FailureOptions,
  type ItemFailure,
} from '../imports/failure.js';

/** Failures that every kind of media has, a closed list; `{noun}` stands for that of the kind. */
export const MEDIA_FAILURES = {
  ...DOWNLOAD_FAILURES,
  EMPTY: {
    sentence: 'The file is empty',
    retryable: false,
    cure: "The archive has no content for this {noun}. Ask the archive's owner to restore it, or remove it from your list",
  },
  CHECKSUM_MISMATCH: {
    sentence: 'The {noun} is not the expected file (damaged in transit, or another at the source)',
    retryable: false,
    cure: 'Compare sha256 and size in your list with the file in the archive. Correct your list, or ask the owner of the archive to restore the file',
  },
  METADATA_INVALID: {
    sentence: 'The metadata does not match the schema of the project',
    retryable: false,
    cure: 'Correct the metadata as the reason says, then import the {noun} again',
  },
  STORAGE_FAILED: {
    sentence: 'Could not store the {noun}',
    retryable: true,
    cure: 'Nothing is wrong with the {noun}. Tell the operator of Reelport about the storage, then retry',
  },
  CANCELLED: ENGINE_CODES.CANCELLED,
  PLAN_EXPIRED: {
    sentence: EngineFailure.planExpired.reason,
    retryable: EngineFailure.planExpired.retryable,
    cure: 'Retry to import these items as they are, or plan the batch again and apply the plan in time',
  },
  PROCESSING_TIMED_OUT: ENGINE_CODES.PROCESSING_TIMED_OUT,
  INTERNAL: ENGINE_CODES.INTERNAL,
} as const satisfies CuredCodes;

/** Failures of kinds whose files are identified in processes of their own. */
export const ISOLATION_FAILURES = {
  UNREADABLE: {
    sentence: 'Reading the file exceeded the resource limits',
    retryable: false,
    cure: 'The file is damaged or built to cause harm. Open it, save it again with another program, and import that file',
  },
} as const satisfies CuredCodes;

export type MediaFailureCode = keyof typeof MEDIA_FAILURES;

/** Creates the error that a common step throws to end an attempt. The worker puts in the noun of the kind. */
export function failure(code: MediaFailureCode, options?: FailureOptions): ItemFailure {
  return failureWith(MEDIA_FAILURES, code, options);
}
