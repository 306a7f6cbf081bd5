import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordedPlace } from './postgres/place.js';
import { isAlive, type ProcessIdentity } from './process-identity.js';
import { readRunning, runningRecordOf, type RunningRecord } from './running-record.js';
import { startServices } from './services.js';
import type { Services } from './services.options.js';
import { ask, kill, processesOf, run, tell, writeProgram } from './testing/program.js';

const LIMIT_MS = 180_000;

let folder: string;
let dataDir: string;
let embedded: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'guardian-')));
  writeProgram(folder);
  const modules = join(dirname(createRequire(import.meta.url).resolve('pg/package.json')), '..');
  symlinkSync(modules, join(folder, 'node_modules'));
  // Shared by all tests, because creating a database is slow.
  dataDir = join(folder, 'data');
  embedded = join(dataDir, 'embedded');
});

afterAll(() => {
  const place = recordedPlace(embedded)?.directory;
  if (place !== undefined && !place.startsWith(folder)) rmSync(dirname(place), { recursive: true });
  rmSync(folder, { recursive: true });
});

const running = (): RunningRecord => readRunning(embedded)!;

/** Waits until the services and their guardian have ended gracefully and removed their files. */
async function ended(processes: ProcessIdentity[], { redis }: RunningRecord): Promise<void> {
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
  expect(readFileSync(join(embedded, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  expect(existsSync(redis!.temporaryFolder!)).toBe(false);
  expect(existsSync(runningRecordOf(embedded))).toBe(false);
}

const WAYS: ReadonlyArray<[string, (owner: ChildProcess) => void, string[]?]> = [
  ...(['SIGKILL', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGSEGV', 'SIGABRT'] as const).map(
    (signal): [string, (owner: ChildProcess) => void] => [signal, (owner) => owner.kill(signal)],
  ),
  ['process.exit()', (owner) => owner.send({ action: 'exit' })],
  ['process.abort()', (owner) => owner.send({ action: 'abort' })],
  ['an uncaught exception', (owner) => owner.send({ action: 'throw' })],
  ['an exhausted heap', (owner) => owner.send({ action: 'exhaust' }), ['--max-old-space-size=64']],
];

describe('services whose owner ends by', () => {
  it.each(WAYS)(
    '%s end with it and can be restarted',
    async (_, die, execArgv = []) => {
      // Its crash output would fill the screen.
      const owner = run(folder, { execArgv, stdio: 'ignore' });
      const first = await tell<Services>(owner, 'start', { dataDir });
      expect(await ask(first.databaseUrl, 'SELECT 1 AS value')).toEqual([1]);
      const record = running();
      const processes = processesOf(embedded);
      expect(processes.filter(isAlive)).toHaveLength(3);
      const exit = once(owner, 'exit');
      die(owner);
      await exit;
      await ended(processes, record);
    },
    LIMIT_MS,
  );
});

describe('a killed owner', () => {
  let owner: ChildProcess;
  let services: Services;

  beforeEach(async () => {
    owner = run(folder);
    services = await tell<Services>(owner, 'start', { dataDir, restart: true });
  }, LIMIT_MS);

  it(
    'is succeeded immediately by the next owner, which finds all committed data',
    async () => {
      await ask(services.databaseUrl, 'DROP TABLE IF EXISTS kept');
      await ask(services.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS value');
      const left = processesOf(embedded);
      await kill(owner);
      const next = await startServices({ dataDir });
      try {
        expect(left.filter(isAlive)).toEqual([]);
        expect(await ask(next.databaseUrl, 'SELECT value FROM kept')).toEqual([7]);
        // The guardian of the killed owner has not removed this record.
        expect(running().ready).toBe(true);
      } finally {
        await next.stop();
      }
    },
    LIMIT_MS,
  );

  it(
    'takes restarted services with it',
    async () => {
      const first = running();
      process.kill(first.redis!.process.pid, 'SIGKILL');
      process.kill(first.database!.process.pid, 'SIGKILL');
      await expect.poll(() => processesOf(embedded).filter(isAlive), { timeout: LIMIT_MS }).toHaveLength(3);
      await expect.poll(() => ask(services.databaseUrl, 'SELECT 1 AS value').catch(String)).toEqual([1]);
      const processes = processesOf(embedded);
      await kill(owner);
      await ended(processes, first);
    },
    LIMIT_MS,
  );

  it(
    'has a guardian that ignores the signals of a terminal and is replaced when it is killed',
    async () => {
      const record = running();
      const { guardian } = record;
      for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGQUIT'] as const) {
        process.kill(guardian!.pid, signal);
      }
      process.kill(guardian!.pid, 'SIGKILL');
      await expect.poll(() => running().guardian!.pid).not.toBe(guardian!.pid);
      const processes = processesOf(embedded);
      process.kill(running().guardian!.pid, 'SIGTERM');
      await kill(owner);
      await ended(processes, record);
    },
    LIMIT_MS,
  );

  it(
    'leaves its services to the next owner if its guardian was killed as well',
    async () => {
      const left = processesOf(embedded);
      const { guardian } = running();
      owner.kill('SIGSTOP');
      process.kill(guardian!.pid, 'SIGKILL');
      await kill(owner);
      // A signal is sent, not yet received.
      await expect.poll(() => isAlive(guardian!)).toBe(false);
      expect(left.filter(isAlive)).toHaveLength(2);
      const notices: string[] = [];
      const next = await startServices({ dataDir, log: (line) => notices.push(line) });
      await next.stop();
      expect(left.filter(isAlive)).toEqual([]);
      expect(notices).toEqual([expect.stringContaining(String(owner.pid))]);
    },
    LIMIT_MS,
  );
});

it(
  'the guardian does not signal a process that reuses the pid of a service',
  async () => {
    const [owner, unrelated] = [run(folder), run(folder)];
    await once(unrelated, 'spawn');
    const service = { pid: unrelated.pid!, startedAt: 'in another life' };
    const guardian = await tell<ProcessIdentity>(owner, 'guard', service);
    await kill(owner);
    await expect.poll(() => isAlive(guardian)).toBe(false);
    expect(unrelated.exitCode ?? unrelated.signalCode).toBeNull();
    await kill(unrelated);
  },
  LIMIT_MS,
);

it(
  'no service starts if its owner is killed before it informs the guardian',
  async () => {
    const owner = run(folder);
    const told = join(folder, 'told');
    const exit = once(owner, 'exit');
    owner.send({ action: 'dieWhileStarting', value: { logFile: join(folder, 'sleeper.log'), told } });
    expect(await exit).toEqual([null, 'SIGKILL']);
    const sleeper: ProcessIdentity = JSON.parse(readFileSync(told, 'utf8'));
    await expect.poll(() => isAlive(sleeper)).toBe(false);
  },
  LIMIT_MS,
);
