import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { ENDINGS, type ServiceName } from './ending.js';
import { GUARDIAN_SCRIPT } from './guardian.script.js';
import { identify, SYSTEM_ENVIRONMENT, type ProcessIdentity } from './process-identity.js';
import { RestartBudget } from './restart-budget.js';

export interface GuardianOptions {
  /** Path of the running record, which the guardian removes after the services. */
  record: string;
  log: (line: string) => void;
  /** Told of the process before it is told of any service; another one follows where it is killed. */
  onStart: (guardian: ProcessIdentity) => void;
}

/** Stops the services when this process is gone, whatever ended it. */
export interface Guardian {
  /** From now on it stops this process, too; instead of one it was told of before under the same name. */
  watch(name: ServiceName, process: ProcessIdentity): void;
  /** Has a folder removed when the services have ended. */
  removeInTheEnd(folder: string): void;
  /** Dismisses the guardian, which leaves everything as it is; resolves when it has gone. */
  dismiss(): Promise<void>;
}

/**
 * Starts a guardian: a small process that holds the other end of a pipe that only this process can write to. The pipe
 * closes with us, even where we are killed.
 *
 * It has a session of its own and heeds no signal for terminals, for what ends us must not end it first.
 *
 * @throws Error where it cannot be started
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
          `Guardian ended (${cause}) and is not started again: should this process be killed, its services stay`,
        );
        return;
      }
      await delay(wait, undefined, { signal: dismissed.signal, ref: false }).catch(() => undefined);
      if (dismissed.signal.aborted) return;
      try {
        child = await spawnGuardian(record);
        log(`Guardian ended (${cause}), started again`);
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
  const steps = ENDINGS[name].map(({ signal, patienceSeconds }) => `${signal.slice(3)} ${patienceSeconds}`);
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
  // Writing to one that was killed: its exit says so.
  child.stdin?.on('error', () => undefined);
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') {
    child.stdin.unref();
  }
  return child;
}

function identityOf({ pid }: ChildProcess): ProcessIdentity {
  const identity = pid === undefined ? undefined : identify(pid);
  if (identity === undefined) throw new Error('The guardian of the services ended at once');
  return identity;
}
