import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { endProcess, type EndingStep } from './ending.js';
import { hasCode } from './error-code.js';
import { identify, type ProcessIdentity } from './process-identity.js';

/** How a service is started. */
export interface ServiceCommand {
  name: string;
  file: string;
  args: string[];
  uid?: number;
  gid?: number;
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Gets what the program prints; the file of the start before is kept as `<logFile>.1`. */
  logFile: string;
  ending: readonly EndingStep[];
}

/** A service that was started and is watched. */
export interface ServiceProcess {
  identity: ProcessIdentity;
  hasEnded(): boolean;
  /** Resolves when it has ended, with the signal or exit code. */
  ended: Promise<string>;
  /** What it printed since its start. */
  output(): string;
  /** May be called again, also after it has ended. */
  stop(): Promise<void>;
}

/** Becomes the program when it is told to, and ends where nobody is left to say so. */
const GATE = 'read -r _ && exec "$0" "$@" </dev/null';

/**
 * Starts a service in a process group of its own: Ctrl-C in a terminal reaches the app, which then stops
 * its services when it no longer needs them.
 *
 * @param onStart told of the process before it becomes the program: at no moment is there a service that nobody would
 *   end, should we be killed
 * @throws Error where the program cannot be started
 */
export async function startProcess(
  command: ServiceCommand,
  onStart: (process: ServiceProcess) => void,
): Promise<ServiceProcess> {
  const child = spawnDetached(command);
  if (child.pid === undefined) {
    const cause = await new Promise<Error>((resolve) => {
      child.once('error', resolve);
    });
    throw new Error(`${command.name} cannot be started: ${cause.message}`, { cause });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const identity = identify(child.pid);
  const output = (): string => readFileSync(command.logFile, 'utf8');
  if (identity === undefined) {
    throw new Error(`${command.name} ended at once (${await ended}):\n${output()}`);
  }
  const process: ServiceProcess = {
    identity,
    ended,
    output,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      // Its end counts when it is reaped: until then others see a zombie.
      child.ref();
      await endProcess(identity, command.ending);
      await ended;
    },
  };
  // Where this fails, the gate closes with us or with its pipe.
  try {
    onStart(process);
    child.stdin?.end('\n');
  } catch (error) {
    child.stdin?.destroy();
    throw error;
  }
  return process;
}

function spawnDetached(command: ServiceCommand): ChildProcess {
  keepPreviousLog(command.logFile);
  const logFile = openSync(command.logFile, 'a', 0o600);
  try {
    const { file, args, uid, gid, cwd, env } = command;
    const options: SpawnOptions = { uid, gid, cwd, env, stdio: ['pipe', logFile, logFile], detached: true };
    const child = spawn('/bin/sh', ['-c', GATE, file, ...args], options);
    // It ended before the gate: its exit says so.
    child.stdin?.on('error', () => undefined);
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
