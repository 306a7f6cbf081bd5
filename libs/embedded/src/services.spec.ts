import Bull from 'bull';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedInUseError, EmbeddedUnavailableError } from './errors.js';
import { findFreePort } from './postgres/free-port.js';
import { recordedPlace } from './postgres/place.js';
import { isAlive } from './process-identity.js';
import { readRunning } from './running-record.js';
import { startServices, useServices } from './services.js';
import type { Services } from './services.options.js';

// The first start creates a database cluster, and installs Redis if there is none.
const LIMIT_MS = 180_000;

const FSYNC = "SELECT current_setting('fsync') AS value";

let dataDir: string;
const folderOf = (dataDir: string): string => join(dataDir, 'embedded');

async function ask(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(sql)).rows.map(({ value }) => value);
  } finally {
    await client.end();
  }
}

function removeOutside(): void {
  const directory = recordedPlace(folderOf(dataDir))?.directory;
  if (directory !== undefined && !directory.startsWith(dataDir)) {
    rmSync(dirname(directory), { recursive: true, force: true });
  }
}

// Only we can enter a folder made by mkdtemp, so it acts like a home of mode 0700 for PostgreSQL's account.
const makeDataDir = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'embedded-')));

beforeEach(() => {
  dataDir = makeDataDir();
});

afterEach(() => {
  removeOutside();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('startServices', () => {
  it(
    'starts PostgreSQL and Redis, and leaves no process after stop',
    async () => {
      const services = await startServices({ dataDir, durable: false });
      const running = readRunning(folderOf(dataDir))!;
      const processes = [running.database!.process, running.redis!.process, running.guardian!];
      try {
        expect(processes.map(isAlive)).toEqual([true, true, true]);
        expect(await ask(services.databaseUrl, 'SELECT current_database() AS value')).toEqual(['reelport']);
        expect(await ask(services.databaseUrl, "SELECT lower('ÄÖÉ') AS value")).toEqual(['äöé']);
        const queue = new Bull<{ id: number }>('letters', services.redisUrl, { prefix: 'spec' });
        const received = new Promise<number>((resolve) => {
          void queue.process(({ data }) => Promise.resolve(resolve(data.id)));
        });
        expect(await queue.client.ping()).toBe('PONG');
        expect(await queue.client.config('GET', 'maxmemory-policy')).toContain('noeviction');
        await queue.add({ id: 42 });
        expect(await received).toBe(42);
        await queue.close();
      } finally {
        await services.stop();
      }
      expect(processes.filter(isAlive)).toEqual([]);
      for (const { pid } of processes) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
      expect(existsSync(running.redis!.temporaryFolder!)).toBe(false);
      await expect(services.stop()).resolves.toBeUndefined();
      const log = (name: string): string => readFileSync(join(folderOf(dataDir), name), 'utf8');
      expect(log('postgres.log')).toContain('database system is shut down');
      expect(log('redis.log')).toMatch(/ready to accept connections/i);
    },
    LIMIT_MS,
  );

  it(
    'keeps durable data across restarts and after the folder is moved',
    async () => {
      chmodSync(dataDir, 0o711);
      const need = { redis: false };
      const first = await startServices({ dataDir, need });
      expect(first.redisUrl).toBeUndefined();
      expect(await ask(first.databaseUrl!, FSYNC)).toEqual(['on']);
      await ask(first.databaseUrl!, 'CREATE TABLE kept AS SELECT 7 AS value');
      await first.stop();

      const moved = `${dataDir}-moved`;
      renameSync(dataDir, moved);
      dataDir = moved;
      const second = await startServices({ dataDir, need });
      try {
        expect(await ask(second.databaseUrl!, 'SELECT value FROM kept')).toEqual([7]);
      } finally {
        await second.stop();
      }
    },
    LIMIT_MS,
  );

  it(
    'keeps the data of a folder that PostgreSQL cannot enter, and reports when it is missing',
    async () => {
      const options = { dataDir, need: { redis: false } };
      const first = await startServices(options);
      await ask(first.databaseUrl!, 'CREATE TABLE kept AS SELECT 7 AS value');
      await first.stop();
      const second = await startServices(options);
      expect(await ask(second.databaseUrl!, 'SELECT value FROM kept')).toEqual([7]);
      await second.stop();
      rmSync(recordedPlace(folderOf(dataDir))!.directory, { recursive: true });
      await expect(startServices(options)).rejects.toThrow(EmbeddedUnavailableError);
    },
    LIMIT_MS,
  );

  it(
    'removes a throwaway database on stop, wherever it is, but not a durable one',
    async () => {
      const need = { redis: false };
      const folder = folderOf(dataDir);
      const throwaway = await startServices({ dataDir, need, durable: false });
      expect(await ask(throwaway.databaseUrl!, FSYNC)).toEqual(['off']);
      const place = recordedPlace(folder)!.directory;
      await throwaway.stop();
      expect(existsSync(place)).toBe(false);
      await (await startServices({ dataDir, need })).stop();
      const opened = await startServices({ dataDir, need, durable: false });
      expect(await ask(opened.databaseUrl!, FSYNC)).toEqual(['on']);
      await opened.stop();
      expect(existsSync(recordedPlace(folder)!.directory)).toBe(true);
    },
    LIMIT_MS,
  );

  it(
    'uses fixed addresses again after services were killed',
    async () => {
      const addresses = { databasePort: await findFreePort(), redisSocket: join(dataDir, 'redis.sock') };
      const first = await startServices({ dataDir, addresses });
      const { database, redis } = readRunning(folderOf(dataDir))!;
      process.kill(database!.process.pid, 'SIGQUIT');
      process.kill(redis!.process.pid, 'SIGKILL');
      await first.stop();
      const second = await startServices({ dataDir, addresses });
      try {
        expect(second.databaseUrl).toBe(first.databaseUrl);
        expect(second.redisUrl).toBe(first.redisUrl);
        expect(new URL(second.databaseUrl).port).toBe(String(addresses.databasePort));
        expect(await ask(first.databaseUrl, 'SELECT 1 AS value')).toEqual([1]);
        const queue = new Bull('letters', first.redisUrl);
        expect(await queue.client.ping()).toBe('PONG');
        await queue.close();
      } finally {
        await second.stop();
      }
    },
    LIMIT_MS,
  );
});

describe('useServices', () => {
  it(
    'starts the needed services for one command after the other if no server runs, and a server after them',
    async () => {
      chmodSync(dataDir, 0o711);
      const options = { dataDir, need: { redis: false } };
      const command = async (): Promise<unknown> => {
        const services = await useServices(options);
        const { database } = readRunning(folderOf(dataDir))!;
        const [value] = await ask(services.databaseUrl!, 'SELECT 1 AS value');
        await services.stop();
        return { value, left: isAlive(database!.process) };
      };
      const done = { value: 1, left: false };
      expect(await Promise.all([command(), command()])).toEqual([done, done]);
      const last = command();
      const server = await startServices(options);
      expect(await last).toEqual(done);
      await server.stop();
    },
    LIMIT_MS,
  );

  it(
    'reports a service that the running server does not have',
    async () => {
      const server = await startServices({ dataDir, durable: false, need: { redis: false } });
      try {
        await expect(useServices({ dataDir })).rejects.toThrow(/REDIS_URL/);
      } finally {
        await server.stop();
      }
    },
    LIMIT_MS,
  );
});

describe('while a server runs', () => {
  const shared = makeDataDir();
  let server: Services;

  beforeAll(async () => {
    server = await startServices({ dataDir: shared, durable: false });
  }, LIMIT_MS);

  afterAll(async () => {
    await server.stop();
    rmSync(shared, { recursive: true });
  });

  it('a second one is refused without affecting it', async () => {
    const before = readRunning(folderOf(shared));
    const refusal = await startServices({ dataDir: shared, durable: false }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(EmbeddedInUseError);
    expect(refusal).toMatchObject({ pid: process.pid, dataDir: shared });
    expect(readRunning(folderOf(shared))).toEqual(before);
    expect(await ask(server.databaseUrl, 'SELECT 1 AS value')).toEqual([1]);
  });

  it('a command attaches to it and does not stop its services', async () => {
    const used = await useServices({ dataDir: shared });
    expect(used.databaseUrl).toBe(server.databaseUrl);
    expect(used.redisUrl).toBe(server.redisUrl);
    await used.stop();
    expect(await ask(server.databaseUrl, 'SELECT 1 AS value')).toEqual([1]);
  });

  it('passwords are required, and unreadable for other accounts', async () => {
    for (const name of ['running.json', 'postgres.json']) {
      expect(statSync(join(folderOf(shared), name)).mode & 0o777).toBe(0o600);
    }
    const guessed = new URL(server.databaseUrl);
    guessed.password = 'guessed';
    await expect(ask(guessed.href, 'SELECT 1 AS value')).rejects.toThrow(/password/);
  });
});
