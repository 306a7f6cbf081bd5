import { TimeLimitError } from './time-limit.js';

export interface WorkLimits {
  /** Subject of the sentence in the error, such as `Processing an item of kind "videos"`. */
  readonly operation: string;
  /** Milliseconds. */
  readonly limitMs: number;
  /** Cancellation by the caller. */
  readonly signal: AbortSignal;
  /** Called with work that is abandoned, and goes on. */
  readonly onAbandoned?: (work: Promise<unknown>) => void;
}

/** How long work may take to end in order after its signal. */
const GIVE_WAY_MS = 4_000;
/** Node fires a timer above this at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs work within a time limit. Work that ignores its signal is abandoned: it keeps neither its place nor the process,
 * but may continue in the background.
 *
 * @throws TimeLimitError, the reason of the signal, or what the work throws
 */
export async function inTime<T>(
  { operation, limitMs, signal, onAbandoned }: WorkLimits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timerMs = Math.min(limitMs, LONGEST_TIMER_MS);
  const timer = setTimeout(() => limit.abort(new TimeLimitError(operation, timerMs)), timerMs);
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    return await abandonedAfter(GIVE_WAY_MS, either, work(either), onAbandoned);
  } catch (error) {
    // Whatever the work made of the signal, the reason of its end is the limit.
    if (limit.signal.aborted && !signal.aborted) throw limit.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for work, but after an abort only as long as an orderly end may take. */
async function abandonedAfter<T>(
  graceMs: number,
  signal: AbortSignal,
  work: Promise<T>,
  onAbandoned?: WorkLimits['onAbandoned'],
): Promise<T> {
  const done = new AbortController();
  const abandoned = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => {
      setTimeout(() => {
        if (done.signal.aborted) return;
        onAbandoned?.(work);
        reject(signal.reason);
      }, graceMs).unref();
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { signal: done.signal, once: true });
  });
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    done.abort();
    work.catch(() => undefined);
    abandoned.catch(() => undefined);
  }
}
