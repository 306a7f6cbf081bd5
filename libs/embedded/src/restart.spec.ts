import Bull from 'bull';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EmbeddedUnavailableError } from './errors.js';
import { isAlive } from './process-identity.js';
import { readRunning } from './running-record.js';
import { startServices } from './services.js';
import { processesOf } from './testing/program.js';

const LIMIT_MS = 180_000;

let dataDir: string;
let embedded: string;
let lines: string[];
const log = (line: string): void => void lines.push(line);

beforeEach(() => {
  dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'restart-')));
  chmodSync(dataDir, 0o711);
  embedded = join(dataDir, 'embedded');
  lines = [];
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it(
  'restarts a killed service at the same address',
  async () => {
    const services = await startServices({ dataDir, durable: false, restart: true, log });
    const pool = new Pool({ connectionString: services.databaseUrl });
    pool.on('error', () => undefined);
    const queue = new Bull('letters', services.redisUrl);
    queue.on('error', () => undefined);
    try {
      // A throwaway server does not wait for the disk by default, so a recent commit may be lost.
      await pool.query('SET synchronous_commit = on; CREATE TABLE kept AS SELECT 7 AS value');
      await queue.add({ id: 1 });
      const { database, redis } = readRunning(embedded)!;
      process.kill(database!.process.pid, 'SIGKILL');
      process.kill(redis!.process.pid, 'SIGKILL');
      await expect
        .poll(() => pool.query('SELECT value FROM kept').then(({ rows }) => rows, String), {
          timeout: LIMIT_MS,
        })
        .toEqual([{ value: 7 }]);
      await queue.add({ id: 2 });
      expect(await queue.count()).toBe(1);
      expect(readRunning(embedded)).toMatchObject({ ready: true, database: { url: services.databaseUrl } });
      // A client can notice the restart before the owner logs it.
      await expect
        .poll(() => lines.filter((line) => line.includes('restarted')).toSorted())
        .toEqual([
          'PostgreSQL ended (SIGKILL), restarted at the same address',
          'Redis ended (SIGKILL), restarted at the same address',
        ]);
    } finally {
      await queue.close();
      await pool.end();
      const processes = processesOf(embedded);
      await services.stop();
      expect(processes.filter(isAlive)).toEqual([]);
    }
  },
  LIMIT_MS,
);

it(
  'reports a service that cannot be restarted',
  async () => {
    const place = join(dataDir, 'socket');
    mkdirSync(place);
    const failures: Error[] = [];
    const services = await startServices({
      dataDir,
      need: { database: false },
      addresses: { redisSocket: join(place, 'redis.sock') },
      restart: true,
      onFailed: (error) => failures.push(error),
      log,
    });
    rmSync(place, { recursive: true });
    process.kill(readRunning(embedded)!.redis!.process.pid, 'SIGKILL');
    await expect.poll(() => failures, { timeout: LIMIT_MS }).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(EmbeddedUnavailableError);
    expect(failures[0]?.message).toMatch(/^Redis ended \(SIGKILL\) and did not stay up after 6 restarts: /);
    expect(lines).toEqual([failures[0]?.message]);
    await services.stop();
  },
  LIMIT_MS,
);

it(
  'reports a service that ended, and leaves it down without the restart option',
  async () => {
    const failures: Error[] = [];
    const services = await startServices({
      dataDir,
      need: { database: false },
      onFailed: (error) => failures.push(error),
      log,
    });
    const { redis } = readRunning(embedded)!;
    process.kill(redis!.process.pid, 'SIGKILL');
    await expect.poll(() => failures.map(({ message }) => message)).toEqual(['Redis ended (SIGKILL)']);
    expect(readRunning(embedded)!.redis).toEqual(redis);
    await services.stop();
  },
  LIMIT_MS,
);
