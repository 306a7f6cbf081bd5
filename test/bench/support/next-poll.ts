/** Progress of a running import. */
export interface Progress {
  /** Milliseconds since the POST. */
  elapsed: number;
  total: number;
  /** Unfinished items. */
  pending: number;
}

/** Minimum wait, about the duration of a request. */
const LEAST_MS = 10;
/** Allowed error of the end, relative to the elapsed time. */
const PRECISION = 0.01;
/** Maximum wait relative to the elapsed time, for imports that get faster. */
const LONGEST = 0.2;

/**
 * The wait before the next status request: half of the remaining time at the current rate. Requests cost the API
 * something, so they are rare at first and become more frequent towards the end.
 *
 * @returns milliseconds
 */
export function nextPoll({ elapsed, total, pending }: Progress): number {
  const ended = total - pending;
  const least = Math.max(LEAST_MS, elapsed * PRECISION);
  // Before the first item has finished, all may finish at once, as a few large videos do.
  if (ended === 0) return Math.max(LEAST_MS, 2 * elapsed * PRECISION);
  const left = (elapsed * pending) / ended;
  return Math.max(least, Math.min(left / 2, elapsed * LONGEST));
}
