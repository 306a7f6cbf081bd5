import { setTimeout as wait } from 'node:timers/promises';
import { stackWithCauses } from './http/error-stack.js';

/** Something that runs until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/** How long an end waits for a start under way: what is half started could not be closed. */
const START_LIMIT_MS = 10_000;

/**
 * Runs a process until SIGTERM or SIGINT, then closes what was started, the last first. A second signal ends it at
 * once.
 *
 * @param start hands over what it starts as it goes, so that a start that fails or is stopped half-way is taken back,
 *   too; where it was stopped, handing over throws
 */
export async function runProcess(
  start: (opened: (closable: Closable) => void) => Promise<void>,
): Promise<void> {
  // Node itself would print every property of the error; that of a refused AUTH holds the password of Redis.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${stackWithCauses(error)}\n`);
    process.exit(1);
  });
  const open: Closable[] = [];
  let starting: Promise<unknown> = Promise.resolve();
  let ending: Promise<void> | undefined;
  const end = (code: number): Promise<void> => {
    ending ??= Promise.race([starting, wait(START_LIMIT_MS)])
      .then(() => closeAll(open))
      .then((clean) => process.exit(clean ? code : 1));
    return ending;
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending !== undefined) process.exit(1);
      void end(0);
    });
  }
  const started = start((closable) => {
    open.push(closable);
    if (ending !== undefined) throw new Error('Stopped while starting');
  });
  starting = started.catch(() => undefined); // told below
  try {
    await started;
  } catch (error) {
    if (ending === undefined) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
    await end(1);
  }
}

async function closeAll(open: Closable[]): Promise<boolean> {
  let clean = true;
  for (let closable = open.pop(); closable !== undefined; closable = open.pop()) {
    try {
      await closable.close();
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
      clean = false;
    }
  }
  return clean;
}
