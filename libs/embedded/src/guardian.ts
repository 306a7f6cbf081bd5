import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { ENDINGS, type ServiceName } from './ending.js';
import { GUARDIAN_SCRIPT } from './guardian.script.js';
import { identify, SYSTEM_ENVIRONMENT, type ProcessIdentity } from './process-identity.js';
import { RestartBudget } from './restart-budget.js';

export interface GuardianOptions {
  /** Path of the running record, which the guardian removes after stopping the services. */
  record: string;
  log: (line: string) => void;
  /** Called with each guardian process before it learns of any service; a killed guardian is replaced. */
  onStart: (guardian: ProcessIdentity) => void;
}

/** Stops the services when this process ends for any reason. */
export interface Guardian {
  /** Adds a process to stop; replaces an earlier one with the same name. */
  watch(name: ServiceName, process: ProcessIdentity): void;
  /** Sets a folder to remove after the services have ended. */
  removeInTheEnd(folder: string): void;
  /** Dismisses the guardian without stopping anything; resolves when it has exited. */
  dismiss(): Promise<void>;
}

/**
 * Starts the guardian: a small process that reads from a pipe to which only this process can write. The pipe closes
 * when this process ends, even if it is killed.
 *
 * The guardian has its own session and ignores the signals of a terminal, so that it outlives this process.
 *
 * @throws Error if it cannot be started
 */
export async function startGuardian({ record, log, onStart }: GuardianOptions): Promise<Guardian> {
  const lines = new Map<string, string>();
  const budget = new RestartBudget();
  const dismissed = new AbortController();
  let child = await spawnGuardian(record);

  const adopt = (): void => {
    onStart(identityOf(child));
    for (const line of lines.values()) child.stdin?.write(line);
    child.once('exit', (code, signal) => void replace(signal ?? `code ${code}`));
  };
  const replace = async (how: string): Promise<void> => {
    for (let cause = how; !dismissed.signal.aborted;) {
      const wait = budget.nextDelay();
      if (wait === undefined) {
        log(
          `Guardian ended (${cause}) and is not restarted: if this process is killed, its services keep running`,
        );
        return;
      }
      await delay(wait, undefined, { signal: dismissed.signal, ref: false }).catch(() => undefined);
      if (dismissed.signal.aborted) return;
      try {
        child = await spawnGuardian(record);
        log(`Guardian ended (${cause}), restarted`);
        return adopt();
      } catch (error) {
        cause = error instanceof Error ? error.message : String(error);
      }
    }
  };
  const tell = (key: string, line: string): void => {
    lines.set(key, line);
    child.stdin?.write(line);
  };
  adopt();
  return {
    watch: (name, process) => tell(name, lineOf(name, process)),
    removeInTheEnd: (folder) => tell('folder', `folder ${folder}\n`),
    dismiss: async () => {
      dismissed.abort();
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      child.stdin?.end('end\n');
      await new Promise((resolve) => {
        child.once('exit', resolve);
      });
    },
  };
}

function lineOf(name: ServiceName, { pid, startedAt }: ProcessIdentity): string {
  const steps = ENDINGS[name].map(({ signal, timeoutSeconds }) => `${signal.slice(3)} ${timeoutSeconds}`);
  return `${name} ${pid} ${startedAt.replaceAll(' ', '_')} ${steps.join(' ')}\n`;
}

async function spawnGuardian(record: string): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', GUARDIAN_SCRIPT, 'reelport-guardian', record], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: SYSTEM_ENVIRONMENT,
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject);
  });
  // A write to a killed guardian fails; its exit event reports that.
  child.stdin?.on('error', () => undefined);
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') {
    child.stdin.unref();
  }
  return child;
}

function identityOf({ pid }: ChildProcess): ProcessIdentity {
  const identity = pid === undefined ? undefined : identify(pid);
  if (identity === undefined) throw new Error('The guardian of the services ended immediately');
  return identity;
}
