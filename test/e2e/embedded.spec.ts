import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { freePort } from '../support/free-port.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { familyOf, isAlive } from '../support/process-family.js';
import { bytesAt, entry, newMp4, videosOf } from './scene.js';

const READY = /Demo token\s+(\S+)[\s\S]*Ctrl-C/;

let origin: Origin;
let dataDir: string;
let running: ChildProcess | undefined;

beforeAll(async () => {
  origin = await startOrigin();
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-embedded-'));
});

afterAll(async () => {
  if (running !== undefined) await end(running);
  await origin.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** `npm start` on a machine without PostgreSQL and Redis. */
async function start(port: number): Promise<{ child: ChildProcess; api: ApiClient }> {
  const child = spawn(process.execPath, ['dist/src/launch.cjs', 'standalone'], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      PORT: String(port),
      TRUSTED_NETWORKS: '127.0.0.0/8',
      MIN_FREE_BYTES: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let output = '';
  const token = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += String(chunk);
      const [, found] = READY.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`Reelport ended:\n${output}`)));
  });
  return { child, api: new ApiClient(`http://127.0.0.1:${port}`, token) };
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

/** Process ids of the services of the data folder, from its record. */
function services(): number[] {
  const record: Record<'database' | 'redis', { process: { pid: number } }> = JSON.parse(
    readFileSync(join(dataDir, 'embedded/running.json'), 'utf8'),
  );
  return [record.database.process.pid, record.redis.process.pid];
}

it('sets the size of its thread pool itself', async () => {
  const { child } = await start(await freePort());
  // With the default of 4 there are about 12 threads.
  expect(readdirSync(`/proc/${child.pid}/task`).length).toBeGreaterThan(16);
  expect(await end(child)).toBe(0);
});

it('runs on embedded services, stops them when it stops, and finds its data again', async () => {
  const port = await freePort();
  const bytes = newMp4();
  origin.serve('/a.mp4', bytes);
  const first = await start(port);
  const importId = await first.api.importVideos('embedded', [entry('a', origin.url('/a.mp4'))]);
  expect((await first.api.finished(importId)).overview.success).toBe(1);
  const before = await videosOf(first.api, 'embedded');
  expect(before).toHaveLength(1);
  const family = await familyOf([first.child.pid!, ...services()]);
  expect(family.length).toBeGreaterThan(3);
  expect(family.filter(isAlive)).toEqual(expect.arrayContaining(services()));

  expect(await end(first.child)).toBe(0);

  expect(family.filter(isAlive)).toEqual([]);
  const second = await start(port);
  expect(await videosOf(second.api, 'embedded')).toEqual(before);
  expect((await second.api.finished(importId)).overview.success).toBe(1);
  expect(bytes.equals(await bytesAt(before[0]?.asset.url))).toBe(true);
  expect(await end(second.child)).toBe(0);
});
