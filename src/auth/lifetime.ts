import { duration } from '../config/parsers.js';

const DAY_MS = 86_400_000;
const LONGEST_LIFETIME_MS = 3_650 * DAY_MS;
const LONGEST_OVERLAP_MS = 30 * DAY_MS;

/** How long a token is valid where nothing is said. */
export const DEFAULT_LIFETIME = '90d';

export const WANTED_DURATION = 'a duration up to 3650d, such as "90d", "12h" or "30m"';
export const WANTED_OVERLAP = 'a duration up to 30d, such as "1h"';

/** Milliseconds that a token is to be valid, or undefined for what is no lifetime: every token ends some day. */
export function lifetime(text: unknown): number | undefined {
  const ms = withUnit(text);
  return ms !== undefined && ms > 0 && ms <= LONGEST_LIFETIME_MS ? ms : undefined;
}

/** Milliseconds that a replaced token stays valid, or undefined for what is no overlap. */
export function overlap(text: unknown): number | undefined {
  const ms = withUnit(text);
  return ms !== undefined && ms <= LONGEST_OVERLAP_MS ? ms : undefined;
}

/** A number alone would be seconds to some and milliseconds to others. */
function withUnit(text: unknown): number | undefined {
  const ms = typeof text === 'string' && /\d[smhd]$/.test(text) ? duration(text) : undefined;
  return typeof ms === 'number' ? ms : undefined;
}
