import { setTimeout as wait } from 'node:timers/promises';

const LIMIT_MS = 60_000;

const LOOK_EVERY_MS = 50;

/**
 * Looks again and again until something holds.
 *
 * @param holds may throw, which ends the waiting
 * @param why asked when it was in vain: what the product says of itself, for example
 * @throws Error that says what was waited for, after a minute
 */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  why?: () => Promise<string>,
): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`Waited a minute in vain for ${what}${why === undefined ? '' : `: ${await why()}`}`);
    }
    await wait(LOOK_EVERY_MS);
  }
}
