import { setTimeout as wait } from 'node:timers/promises';

const LIMIT_MS = 60_000;

/**
 * Looks again and again until something holds.
 *
 * @param holds may throw, which ends the waiting
 * @throws Error that says what was waited for, after a minute
 */
export async function until(what: string, holds: () => Promise<boolean>, everyMs = 50): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited a minute in vain for ${what}`);
    await wait(everyMs);
  }
}
