import { duration } from '../config/parsers.js';

const DAY_MS = 86_400_000;
const LONGEST_LIFETIME_MS = 3_650 * DAY_MS;
const LONGEST_OVERLAP_MS = 30 * DAY_MS;

/** Default lifetime of a token. */
export const DEFAULT_LIFETIME = '90d';

export const WANTED_DURATION = 'a duration up to 3650d, such as "90d", "12h" or "30m"';
export const WANTED_OVERLAP = 'a duration up to 30d, such as "1h"';

/** Parses a lifetime into milliseconds; undefined if it is invalid. Every token expires. */
export function lifetime(text: unknown): number | undefined {
  const ms = withUnit(text);
  return ms !== undefined && ms > 0 && ms <= LONGEST_LIFETIME_MS ? ms : undefined;
}

/** Parses an overlap into milliseconds; undefined if it is invalid. */
export function overlap(text: unknown): number | undefined {
  const ms = withUnit(text);
  return ms !== undefined && ms <= LONGEST_OVERLAP_MS ? ms : undefined;
}

/** The unit is required: a bare number could mean seconds or milliseconds. */
function withUnit(text: unknown): number | undefined {
  const ms = typeof text === 'string' && /\d[smhd]$/.test(text) ? duration(text) : undefined;
  return typeof ms === 'number' ? ms : undefined;
}
