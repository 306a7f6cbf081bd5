import type { ItemFailure } from '../imports/failure.js';
import { failureOfKind, MEDIA_FAILURES, type FailureOptions } from '../media/media-failures.js';
import { videoShapes } from './video-kind.js';

const OWN = videoShapes.codes;

/** All failures of a video import, a closed list. */
export const FAILURES = { ...MEDIA_FAILURES, ...OWN };

/** Creates the error that ends an attempt because of the content of the file. */
export function videoFailure(code: keyof typeof OWN, options?: FailureOptions): ItemFailure {
  return failureOfKind(code, OWN[code], options);
}
