const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Pauses between attempts to reach PostgreSQL, in milliseconds: each is twice as long as the one before, up to 5 s. */
export function* reconnectPauses(): Generator<number, never, void> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) yield pause;
}
