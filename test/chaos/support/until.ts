import { setTimeout as wait } from 'node:timers/promises';
import { isUnreachable } from '../../../src/http/unreachable-error.js';

export interface UntilOptions {
  /** After how many milliseconds to give up. */
  timeoutMs?: number;
  /** What to say beside what was waited for. */
  explain?: () => string | Promise<string>;
}

const LOOK_EVERY_MS = 25;

/**
 * Looks until a condition holds, and returns what it found. A database that is away is no answer: it is asked again.
 *
 * @param what what is waited for, for the error
 * @param look undefined or false while it is not there
 * @throws Error that names what did not come
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
      throw new Error([`Waited ${timeoutMs} ms in vain for ${what}`, ...more].join('\n'));
    }
    await wait(LOOK_EVERY_MS);
  }
}
