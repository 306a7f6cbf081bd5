/** What is known of an import that is under way. */
export interface Progress {
  /** Milliseconds since it was posted. */
  elapsed: number;
  total: number;
  /** Items that have not ended. */
  pending: number;
}

/** Sooner than this, the answer is hardly there. */
const LEAST_MS = 10;
/** What the end may be missed by, as a part of the time that has passed. */
const PRECISION = 0.01;
/** An import that gets faster must not be slept through. */
const LONGEST = 0.2;

/**
 * How long to wait before the next look: half of what is left at the present speed. A look costs the API something, so
 * that few of them are made far from the end, and more and more of them as it comes near.
 *
 * @returns milliseconds
 */
export function nextLook({ elapsed, total, pending }: Progress): number {
  const ended = total - pending;
  const least = Math.max(LEAST_MS, elapsed * PRECISION);
  // Nothing has ended: all of it may end at once, as a few large videos do.
  if (ended === 0) return Math.max(LEAST_MS, 2 * elapsed * PRECISION);
  const left = (elapsed * pending) / ended;
  return Math.max(least, Math.min(left / 2, elapsed * LONGEST));
}
