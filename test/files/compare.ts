import type { VideoProbe } from '#libs/media-probe';
import type { Oracle } from './ffprobe.js';

export type Difference = 'verdict' | 'size' | 'duration';

/** Allowed relative difference of durations. */
const TOLERANCE = 0.01;
/** Players round time stamps to milliseconds. */
const ROUNDING_SECONDS = 0.001;

/** Differences between two probes; null means that no video was found. */
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
