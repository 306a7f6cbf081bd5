import closeWithGrace, { type AllEvents } from 'close-with-grace';
import type { Environment } from '../config/environment.js';
import { EnvironmentError, parseEnvironment } from '../config/load-environment.js';
import { stackWithCauses } from '../http/error-stack.js';
import { watchEventLoop } from './event-loop-watchdog.js';
import { SHUTDOWN_MARGIN_MS } from './lifecycle.js';

/** Something that runs until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/** Applications are closed first and side by side, then the services that they run on. */
export type Layer = 'application' | 'service';

/** What a start can do with its process. */
export interface RunningProcess {
  /** Hands over what was opened; throws where the process has been told to end meanwhile. */
  opened: (closable: Closable, layer?: Layer) => void;
  /** Ends the process with exit code 1, after it has closed what is open. */
  fail: (error: Error) => void;
}

/** What asks a process to end: a supervisor, Ctrl-C, a terminal that is closed, Ctrl-\. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
/** Those are handled here; of most others Node says that no listener may outlive them. */
const NOT_BY_LIBRARY: AllEvents[] = [
  ...SIGNALS,
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
  'beforeExit',
];
/**
 * One request to end can arrive twice: a terminal and systemd signal the whole group, and npm hands on what it gets.
 */
const SAME_REQUEST_MS = 1_000;
/** How long the end of a process waits for a start in flight: what is half started could not be closed. */
const START_LIMIT_MS = 10_000;
/** What closing connections and services may take after the last phase of the shutdown. */
const CLOSE_LIMIT_MS = 10_000;

/**
 * Runs a process until a signal (SIGTERM, SIGINT, SIGHUP, SIGQUIT) or an uncaught error ends it, and closes what was
 * started. There is one deadline for all of it, after which the process exits with 1. So it does at a second signal, if
 * that comes at least a second after the first.
 *
 * @param start hands over what it opens as it goes, so that a start that fails half-way is taken back, too
 */
export async function runProcess(
  start: (running: RunningProcess, environment: Readonly<Environment>) => Promise<void>,
): Promise<void> {
  const environment = environmentOrExit();
  watchEventLoop(environment.STALL_LIMIT_MS);
  const open: Record<Layer, Closable[]> = { application: [], service: [] };
  let starting: Promise<void> = Promise.resolve();
  let failure: string | undefined;
  let endingSince: number | undefined;

  const delay = environment.SHUTDOWN_GRACE_MS + START_LIMIT_MS + SHUTDOWN_MARGIN_MS + CLOSE_LIMIT_MS;
  const { close } = closeWithGrace(
    {
      delay,
      logger: false,
      skip: NOT_BY_LIBRARY,
      onSecondError: (error) => print(stackWithCauses(error)),
      onTimeout: () => print(`Shutdown took longer than ${delay} ms: exiting`),
    },
    async ({ err }) => {
      endingSince = performance.now();
      // Only the stack: the other properties of an error can hold parameters and passwords.
      if (err !== undefined) print(stackWithCauses(err));
      await orAfter(START_LIMIT_MS, starting);
      const closed = [...(await closeAll(open.application)), ...(await closeAll(open.service))];
      if (failure !== undefined || closed.includes(false)) process.exit(1);
    },
  );

  endAtSignal(close, () => endingSince);
  surviveClosedOutput();
  const opened: RunningProcess['opened'] = (closable, layer = 'application') => {
    open[layer].push(closable);
    if (endingSince !== undefined) throw new Error('Stopped while starting');
  };
  const fail = (error: unknown): void => {
    // What goes wrong because the process ends is no failure.
    if (endingSince !== undefined || failure !== undefined) return;
    failure = error instanceof Error ? error.message : String(error);
    print(failure);
    close();
  };
  starting = start({ opened, fail }, environment).catch(fail);
  await starting;
}

function environmentOrExit(): Readonly<Environment> {
  try {
    return parseEnvironment();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    print(error.message);
    return process.exit(1);
  }
}

/**
 * Ends the process in order at the first signal, and at once at a later one.
 *
 * @param endingSince when its end began, on the clock of `performance`; undefined before
 */
function endAtSignal(close: () => void, endingSince: () => number | undefined): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const since = endingSince();
      if (since === undefined) return close();
      if (performance.now() - since < SAME_REQUEST_MS) return;
      print(`Second ${signal}: exiting at once`);
      process.exit(1);
    });
  }
}

/** Where a terminal or a pipe is gone, nobody reads what a shutdown says: no reason to leave it unfinished. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Closes all of them side by side; whether each could be closed. */
function closeAll(closables: readonly Closable[]): Promise<boolean[]> {
  return Promise.all(
    closables.map(async (closable) => {
      try {
        await closable.close();
        return true;
      } catch (error) {
        print(stackWithCauses(error));
        return false;
      }
    }),
  );
}

function orAfter(ms: number, promise: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
    void promise.then(resolve);
  });
}

function print(line: string): void {
  process.stderr.write(`${line}\n`);
}
