import { setTimeout as wait } from 'node:timers/promises';
import { isUnreachable } from '../../src/database/unreachable-error.js';

export interface UntilOptions {
  /** Timeout in milliseconds. */
  timeoutMs?: number;
  /** Details for the message of a timeout. */
  explain?: () => string | Promise<string>;
}

const POLL_EVERY_MS = 25;

/**
 * Polls until a condition holds, and returns its value. Polls again if the database is unavailable.
 *
 * @param what the awaited condition, for the error message
 * @param look returns undefined or false until the condition holds
 * @throws Error that names the condition after the timeout
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 120_000, explain }: UntilOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let outage: Error | undefined;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      outage = undefined;
    } catch (error) {
      if (!(error instanceof Error) || !isUnreachable(error)) throw error;
      outage = error;
    }
    if (performance.now() > deadline) {
      const more = [outage?.message ?? '', (await explain?.()) ?? ''].filter(Boolean);
      throw new Error([`Timed out after ${timeoutMs} ms waiting for ${what}`, ...more].join('\n'));
    }
    await wait(POLL_EVERY_MS);
  }
}
