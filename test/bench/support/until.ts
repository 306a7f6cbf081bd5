import { setTimeout as wait } from 'node:timers/promises';

const LIMIT_MS = 60_000;

const POLL_EVERY_MS = 50;

/**
 * Polls until a condition holds.
 *
 * @param what the awaited condition, for the error message
 * @param holds may throw, which ends the wait
 * @param why returns details for the error message, such as the state of the product
 * @throws Error after a minute
 */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  why?: () => Promise<string>,
): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(
        `Timed out after ${LIMIT_MS / 1_000} s waiting for ${what}${why === undefined ? '' : `: ${await why()}`}`,
      );
    }
    await wait(POLL_EVERY_MS);
  }
}
