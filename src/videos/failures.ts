import type { ItemFailure } from '../imports/failure.js';
import {
  failureOfKind,
  MEDIA_FAILURES,
  type FailureKind,
  type FailureOptions,
} from '../media/media-failures.js';

const OWN = {
  NOT_A_VIDEO: { sentence: 'The file is not a video', retryable: false },
  UNREADABLE: { sentence: 'Reading the file exceeded the resource limits', retryable: false },
} as const satisfies Record<string, FailureKind>;

/** All failures of a video import, a closed list. */
export const FAILURES = { ...MEDIA_FAILURES, ...OWN };

/** Creates the error that ends an attempt because of the content of the file. */
export function videoFailure(code: keyof typeof OWN, options?: FailureOptions): ItemFailure {
  return failureOfKind(code, OWN[code], options);
}
