import { once } from 'node:events';
import { constants } from 'node:os';

/** SIGINT or SIGTERM interrupted the command. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** The exit code that shells expect after a signal. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super('Interrupted');
    this.exitCode = 128 + constants.signals[signal];
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that cleans up when it is interrupted. A second signal ends the process at once.
 *
 * @param run receives a signal that the first SIGINT or SIGTERM aborts, with `Interrupted` as its reason
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    unlisten();
    controller.abort(new Interrupted(signal));
  };
  const unlisten = (): void => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await run(controller.signal);
  } finally {
    unlisten();
  }
}

/** Returns the outcome of some work unless the signal aborts first; the work continues, its outcome is ignored. */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then(() => signal.throwIfAborted());
  // The second of both is ignored: the work after an abort, the listener after the work.
  aborted.catch(() => undefined);
  const working = work();
  try {
    await Promise.race([working, aborted]);
    return await working;
  } finally {
    settled.abort();
  }
}
