import { once } from 'node:events';
import { constants } from 'node:os';

/** Ctrl-C, or a request to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What a shell expects of a program that a signal has ended. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super('Interrupted');
    this.exitCode = 128 + constants.signals[signal];
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs something that tidies up behind itself when it is told to stop. A second signal ends the process at once.
 *
 * @param run gets the signal that is aborted by the first SIGINT or SIGTERM, with `Interrupted` as its reason
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

/** The outcome of some work, unless the signal comes first; the work itself goes on, unheard. */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then(() => signal.throwIfAborted());
  // Whatever comes second is of no interest: the work after an abort, the listener after the work.
  aborted.catch(() => undefined);
  const working = work();
  try {
    await Promise.race([working, aborted]);
    return await working;
  } finally {
    settled.abort();
  }
}
