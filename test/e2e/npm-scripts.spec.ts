import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { TOKEN_SECRET } from '../support/accounts.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { familyOf, isAlive } from '../support/process-family.js';

type Npm = ChildProcessByStdio<null, Readable, Readable>;

let database: TestDatabase;
let dataDir: string;
let running: Npm | undefined;
/** Process ids recorded before the end: an orphan could not be found later. */
let family: number[] = [];
let output = '';
/** Port of the started API or worker. */
let port: number;

beforeEach(async () => {
  database = await createDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-npm-'));
  output = '';
  family = [];
});

afterEach(async () => {
  // Processes that a failed test left running.
  const left = running?.pid === undefined ? [] : await familyOf([running.pid, ...services(), ...family]);
  for (const pid of left.filter(isAlive)) process.kill(pid, 'SIGKILL');
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs a script of package.json like a supervisor or a terminal does; resolves when it serves requests. */
async function start(script: string, environment: Record<string, string> = {}): Promise<Npm> {
  const [api, worker] = [await freePort(), await freePort()];
  const child = spawn('npm', ['run', '-s', script], {
    env: {
      PATH: process.env['PATH'],
      HOME: dataDir,
      npm_config_update_notifier: 'false',
      DATA_DIR: join(dataDir, 'data'),
      MIN_FREE_BYTES: '0',
      PORT: String(api),
      WORKER_PORT: String(worker),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // The leader of its own process group, like a terminal job.
    detached: true,
  });
  running = child;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  }
  port = script === 'start:worker' ? worker : api;
  await expect
    .poll(() => (hasEnded(child) ? `ended: ${output}` : statusOf(port)), { timeout: 50_000, interval: 200 })
    .toBe(200);
  return child;
}

/** API or worker alone, on the services of the test run. */
function startRole(script: string): Promise<Npm> {
  return start(script, {
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    REDIS_PREFIX: `test-${randomUUID()}`,
    TOKEN_SECRET,
  });
}

async function statusOf(at: number): Promise<number | undefined> {
  try {
    return (await fetch(`http://127.0.0.1:${at}/health/ready`)).status;
  } catch {
    // It does not listen yet.
    return undefined;
  }
}

type Running = Partial<
  Record<'database' | 'redis' | 'guardian', { process?: { pid: number }; pid?: number }>
>;

function recorded(): Running {
  const file = join(dataDir, 'data/embedded/running.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** The embedded services, which are not children of the process that started them. */
function services(): number[] {
  return Object.values(recorded()).flatMap(({ process: started, pid }) => started?.pid ?? pid ?? []);
}

/** The lock of the services: `null` if its owner stopped them. For a killed owner its guardian does, and the lock stays. */
const lockOfServices = (): string => readFileSync(join(dataDir, 'data/embedded/owner.1'), 'utf8');

function hasEnded(child: Npm): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: Npm): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit');
}

/** Ends it in the given way and waits until no process of it is left. */
async function end(child: Npm, how: (pid: number) => void): Promise<void> {
  const pid = child.pid!;
  family = await familyOf([pid, ...services()]);
  expect(family.length).toBeGreaterThan(1);
  how(pid);
  await ended(child);
  await expect.poll(() => family.filter(isAlive), { timeout: 40_000 }).toEqual([]);
}

describe('a signal to the npm process alone, as sent by docker and systemd', () => {
  it('stops npm start with its services', async () => {
    // These variables of PostgreSQL clients refer to another server.
    const child = await start('start', { PGSSLMODE: 'verify-full', PGUSER: 'someone', PGPORT: '1' });
    expect(services().length).toBeGreaterThan(1);
    await end(child, (pid) => process.kill(pid, 'SIGTERM'));
  });

  it.each(['start:api', 'start:worker'])('stops npm run %s', async (script) => {
    const child = await startRole(script);
    await end(child, (pid) => process.kill(pid, 'SIGTERM'));
    expect(child.exitCode).toBe(0);
  });
});

/** Workers that have not signed off. */
const workers = (): Promise<unknown[]> => database.dataSource.query('SELECT FROM workers');

describe('a signal to the whole process group of a terminal', () => {
  it.each(['SIGINT', 'SIGQUIT', 'SIGTERM'] as const)('shuts down in order on %s', async (signal) => {
    const child = await startRole('start:worker');
    await expect.poll(workers).toHaveLength(1);
    await end(child, (pid) => process.kill(-pid, signal));
    expect(output).not.toContain('Second');
    // A worker signs off last.
    expect(await workers()).toEqual([]);
  });

  it('stops npm start with its services on SIGQUIT', async () => {
    const child = await start('start');
    expect(lockOfServices()).not.toBe('null');
    await end(child, (pid) => process.kill(-pid, 'SIGQUIT'));
    expect([services(), lockOfServices()]).toEqual([[], 'null']);
  });

  it('stops npm start with its services when the terminal closes', async () => {
    const child = await start('start');
    await end(child, (pid) => {
      child.stdout.destroy();
      child.stderr.destroy();
      process.kill(-pid, 'SIGHUP');
    });
    expect([services(), lockOfServices()]).toEqual([[], 'null']);
  });
});

describe('npm start', () => {
  it('restarts services that are killed from outside, and is ready again', async () => {
    const child = await start('start');
    // From here on, the start is complete.
    await expect.poll(() => output).toContain('Press Ctrl-C to stop everything.');
    const { database, redis } = recorded();
    for (const pid of [database?.process?.pid, redis?.process?.pid]) process.kill(pid!, 'SIGKILL');
    for (const name of ['PostgreSQL', 'Redis'])
      await expect.poll(() => output).toContain(`${name} ended (SIGKILL), restarted at the same address`);
    await expect.poll(() => statusOf(port)).toBe(200);
    await end(child, (pid) => process.kill(pid, 'SIGTERM'));
    expect(child.exitCode).toBe(0);
  });
});
