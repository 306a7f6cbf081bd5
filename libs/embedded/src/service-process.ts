import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from './error-code.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

/** How a service is started. */
export interface ServiceCommand {
  name: string;
  file: string;
  args: string[];
  /** What the program believes its name to be. */
  argv0?: string;
  uid?: number;
  gid?: number;
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Removed when the service has ended, or this process exits. */
  temporaryFolder?: string;
  /** Gets what the program prints; the file of the start before is kept as `<logFile>.1`. */
  logFile: string;
  /** Ends it in good order, also when this process exits without having stopped it. */
  stopSignal: NodeJS.Signals;
  /** Ends it faster, after the good order took too long. */
  hurrySignal: NodeJS.Signals;
}

/** A service that was started and is watched. */
export interface ServiceProcess {
  identity: ProcessIdentity;
  hasEnded(): boolean;
  /** What it printed since its start. */
  output(): string;
  /** Says so when it ends without having been stopped. */
  reportEnd(log: (line: string) => void): void;
  stop(): Promise<void>;
}

const PATIENCE_MS = 20_000;
const HURRY_MS = 5_000;

/**
 * Starts a service in a process group of its own: Ctrl-C in a terminal reaches the app, which then stops
 * its services when it no longer needs them.
 *
 * @throws Error where the program cannot be started
 */
export async function startProcess(command: ServiceCommand): Promise<ServiceProcess> {
  const child = spawnDetached(command);
  if (child.pid === undefined) {
    const cause = await new Promise<Error>((resolve) => {
      child.once('error', resolve);
    });
    throw new Error(`${command.name} cannot be started: ${cause.message}`, { cause });
  }
  const identity = identify(child.pid);
  if (identity === undefined) {
    throw new Error(`${command.name} ended at once:\n${readFileSync(command.logFile, 'utf8')}`);
  }
  return watch(command, child, identity);
}

/** Ends a process, whoever started it, harder with time, and waits until it is gone. */
export async function endProcess(
  identity: ProcessIdentity,
  stopSignal: NodeJS.Signals,
  hurrySignal: NodeJS.Signals,
): Promise<void> {
  for (const [signal, patience] of [
    [stopSignal, PATIENCE_MS],
    [hurrySignal, HURRY_MS],
    ['SIGKILL', HURRY_MS],
  ] as const) {
    sendSignal(identity, signal);
    const limit = Date.now() + patience;
    while (isAlive(identity)) {
      if (Date.now() > limit) break;
      await delay(10);
    }
    if (!isAlive(identity)) return;
  }
  throw new Error(`Process ${identity.pid} cannot be ended`);
}

function spawnDetached(command: ServiceCommand): ChildProcess {
  keepPreviousLog(command.logFile);
  const logFile = openSync(command.logFile, 'a', 0o600);
  try {
    const { file, args, argv0, uid, gid, cwd, env } = command;
    const stdio = ['ignore', logFile, logFile] as const;
    const child = spawn(file, args, { argv0, uid, gid, cwd, env, stdio: [...stdio], detached: true });
    child.unref();
    return child;
  } finally {
    closeSync(logFile);
  }
}

function keepPreviousLog(file: string): void {
  try {
    renameSync(file, `${file}.1`);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

function watch(command: ServiceCommand, child: ChildProcess, identity: ProcessIdentity): ServiceProcess {
  let expected = false;
  const removeFolder = (): void => {
    if (command.temporaryFolder !== undefined)
      rmSync(command.temporaryFolder, { recursive: true, force: true });
  };
  const endWithOwner = (): void => {
    sendSignal(identity, command.stopSignal);
    removeFolder();
  };
  process.on('exit', endWithOwner);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  return {
    identity,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    output: () => readFileSync(command.logFile, 'utf8'),
    reportEnd: (log) => {
      child.once('exit', (code, signal) => {
        if (!expected) log(`${command.name} ended (${signal ?? `code ${code}`}), see ${command.logFile}`);
      });
    },
    stop: async () => {
      expected = true;
      // Its end counts when it is reaped: until then others see a zombie.
      child.ref();
      await endProcess(identity, command.stopSignal, command.hurrySignal);
      await ended;
      removeFolder();
      process.off('exit', endWithOwner);
    },
  };
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    // It ended by itself between the two lines.
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
