import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { endProcess, type EndingStep } from './ending.js';
import { hasCode } from './error-code.js';
import { identify, type ProcessIdentity } from './process-identity.js';

/** The command line and log of a service. */
export interface ServiceCommand {
  name: string;
  file: string;
  args: string[];
  uid?: number;
  gid?: number;
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** File for the output of the program; the file of the previous start is kept as `<logFile>.1`. */
  logFile: string;
  ending: readonly EndingStep[];
}

/** A started service. */
export interface ServiceProcess {
  identity: ProcessIdentity;
  hasEnded(): boolean;
  /** Resolves with the signal or exit code when the process ends. */
  ended: Promise<string>;
  /** Returns the output since the start. */
  output(): string;
  /** Stops the process; may be called repeatedly, also after it has ended. */
  stop(): Promise<void>;
}

/** Executes the program on request, and exits if the pipe closes instead. */
const GATE = 'read -r _ && exec "$0" "$@" </dev/null';

/**
 * Starts a service in its own process group: Ctrl-C in a terminal reaches the app, which stops its services when it no
 * longer needs them.
 *
 * @param onStart called before the process executes the program, so that there is never an unregistered service that
 *   would outlive this process
 * @throws Error if the program cannot be started
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
    throw new Error(`${command.name} ended immediately (${await ended}):\n${output()}`);
  }
  const process: ServiceProcess = {
    identity,
    ended,
    output,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      // Wait until the process is reaped: until then it is a zombie.
      child.ref();
      await endProcess(identity, command.ending);
      await ended;
    },
  };
  // On a failure, the gate closes with its pipe or with this process.
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
    // The process ended before it was released; its exit event reports that.
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
