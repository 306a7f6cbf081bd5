import closeWithGrace, { type AllEvents } from 'close-with-grace';
import { type Additions, NO_ADDITIONS } from '../config/additions.js';
import type { Environment } from '../config/environment.js';
import { EnvironmentError, readEnvironment } from '../config/parse-environment.js';
import { stackWithCauses } from '../http/error-stack.js';
import { watchEventLoop } from './event-loop-watchdog.js';
import { SHUTDOWN_MARGIN_MS } from './lifecycle.js';

/** A resource that runs until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/** Applications are closed first and concurrently, then the services that they use. */
export type Layer = 'application' | 'service';

/** Operations of a start on its process. */
export interface RunningProcess {
  /** Registers an opened resource; throws if the process has been told to end meanwhile. */
  opened: (closable: Closable, layer?: Layer) => void;
  /** Ends the process with exit code 1 after closing all open resources. */
  fail: (error: Error) => void;
}

/** Signals that end the process: from a supervisor, Ctrl-C, a closed terminal, Ctrl-\. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
/**
 * Events that close-with-grace must not handle: these signals are handled here, and after most of the others Node
 * advises against continuing.
 */
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
 * One shutdown request can arrive twice: terminals and systemd signal the whole process group, and npm forwards
 * signals.
 */
const SAME_REQUEST_MS = 1_000;
/** How long a shutdown waits for a start in flight, in milliseconds: a half-started process could not be closed. */
const START_LIMIT_MS = 10_000;
/** Time limit for closing connections and services after the last shutdown phase, in milliseconds. */
const CLOSE_LIMIT_MS = 10_000;

/**
 * Runs a process until a signal (SIGTERM, SIGINT, SIGHUP, SIGQUIT) or an uncaught error ends it, then closes what was
 * started. A single deadline covers the whole shutdown; after it the process exits with 1. A second signal at least a
 * second after the first has the same effect.
 *
 * @param start registers each resource as soon as it is open, so that a start that fails half-way is undone as well
 * @param additions what extensions add to the environment
 */
export async function runProcess(
  start: (running: RunningProcess, environment: Readonly<Environment>) => Promise<void>,
  additions: Additions = NO_ADDITIONS,
): Promise<void> {
  const environment = environmentOrExit(additions);
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
      onTimeout: () => print(`Shutdown timed out, exiting limitMs=${delay}`),
    },
    async ({ err }) => {
      endingSince = performance.now();
      // Only the stack: other properties of an error can hold query parameters and passwords.
      if (err !== undefined) print(stackWithCauses(err));
      await orAfter(START_LIMIT_MS, starting);
      const closed = [...(await closeAll(open.application)), ...(await closeAll(open.service))];
      if (failure !== undefined || closed.includes(false)) process.exit(1);
    },
  );

  endAtSignal(close, () => endingSince);
  ignoreClosedOutput();
  const opened: RunningProcess['opened'] = (closable, layer = 'application') => {
    open[layer].push(closable);
    if (endingSince !== undefined) throw new Error('Process stopped while starting');
  };
  const fail = (error: unknown): void => {
    // Errors caused by the shutdown are not failures.
    if (endingSince !== undefined || failure !== undefined) return;
    failure = error instanceof Error ? error.message : String(error);
    print(failure);
    close();
  };
  starting = start({ opened, fail }, environment).catch(fail);
  await starting;
}

function environmentOrExit(additions: Additions): Readonly<Environment> {
  try {
    return readEnvironment(additions);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    print(error.message);
    return process.exit(1);
  }
}

/**
 * Shuts the process down at the first signal, and ends it at once at a later one.
 *
 * @param endingSince start of the shutdown on the clock of `performance`; undefined before
 */
function endAtSignal(close: () => void, endingSince: () => number | undefined): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const since = endingSince();
      if (since === undefined) return close();
      if (performance.now() - since < SAME_REQUEST_MS) return;
      print(`Second ${signal} received, exiting at once`);
      process.exit(1);
    });
  }
}

/** A closed terminal or pipe must not interrupt a shutdown: its output has no reader any more. */
function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Closes all resources concurrently and returns whether each could be closed. */
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
