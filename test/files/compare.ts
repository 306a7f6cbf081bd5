import type { VideoProbe } from '#libs/media-probe';
import type { Oracle } from './ffprobe.js';

export type Difference = 'verdict' | 'size' | 'duration';

/** Part of the duration by which two answers may differ. */
const TOLERANCE = 0.01;
/** Players round time stamps to the millisecond. */
const ROUNDING_SECONDS = 0.001;

/** What two readers of a file do not agree on; null where one of them finds no video. */
export function differences(ours: VideoProbe | null, oracle: Oracle | null): Difference[] {
  if (ours === null || oracle === null) return ours === oracle ? [] : ['verdict'];
  const found: Difference[] = [];
  if (ours.width !== oracle.width || ours.height !== oracle.height) found.push('size');
  if (!isSameDuration(ours.duration, oracle.duration)) found.push('duration');
  return found;
}

function isSameDuration(ours: number | null, oracle: number | null): boolean {
  if (ours === null || oracle === null) return ours === oracle;
  return Math.abs(ours - oracle) <= TOLERANCE * oracle + ROUNDING_SECONDS;
}
