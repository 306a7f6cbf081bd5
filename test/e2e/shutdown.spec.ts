import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { newKey } from '#libs/storage';
import { startReelport, type Reelport } from '../support/reelport.js';

/** More than the socket buffers of both ends hold. */
const LARGE_BYTES = 64 * 1024 * 1024;
const ITEMS = 50_000;

let reelport: Reelport;
const clients: Socket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await reelport.remove();
});

async function dial(): Promise<Socket> {
  // Nest reports that it has started before it listens.
  const alive = (): Promise<boolean> => fetch(`${reelport.url}/health/live`).then(({ ok }) => ok);
  await expect.poll(() => alive().catch(() => false)).toBe(true);
  const client = connect(Number(new URL(reelport.url).port), '127.0.0.1');
  clients.push(client);
  await once(client, 'connect');
  return client;
}

/** Sends a request and reads only the beginning of its answer. */
async function ask(path: string, token = ''): Promise<Socket> {
  const client = await dial();
  client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  await once(client, 'readable');
  const begin: Buffer = client.read();
  expect(begin.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /);
  client.unshift(begin);
  return client;
}

/** Number of bytes after the headers of an answer. */
async function bodyOf(client: Socket): Promise<number> {
  const chunks: Buffer[] = await client.toArray();
  const answer = Buffer.concat(chunks);
  return answer.length - answer.indexOf('\r\n\r\n') - 4;
}

/** Stores a sparse file, which takes no space on the disk. */
async function storeLargeFile(): Promise<string> {
  const key = newKey('mp4');
  const path = join(reelport.dataDir, 'media', key);
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  await file.truncate(LARGE_BYTES);
  await file.close();
  return `/media/${key}`;
}

/** Inserts a finished import whose report is as large. */
async function largeReport(): Promise<[path: string, token: string]> {
  const project = await reelport.createProject();
  const { dataSource } = reelport.database;
  await dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total, failed, state, finished_at)
     VALUES ('large1', $1, 'videos', 'shutdown', $2, $2, 'failed', now())`,
    [project.id, ITEMS],
  );
  await dataSource.query(
    `INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, state, code, reason,
       retryable, tries, finished_at)
     SELECT 'large1', n, 'item ' || n, 'title', '{}', 'archive.example.com', 'failed', 'INTERNAL', repeat('x', 1000),
       true, 1, now()
     FROM generate_series(0, $1::integer - 1) n`,
    [ITEMS],
  );
  return ['/api/v1/imports/large1/report?format=csv', await reelport.createToken(project)];
}

describe('SIGTERM while a client does not read its answer', () => {
  it('stops the API after the grace period: a stored file', async () => {
    reelport = await startReelport({ SHUTDOWN_GRACE_MS: '100' }, ['main']);
    await ask(await storeLargeFile());
    expect(await reelport.stop('SIGTERM')).toBe(0);
  });

  it('stops the API after the grace period: a report', async () => {
    reelport = await startReelport({ SHUTDOWN_GRACE_MS: '100' }, ['main']);
    await ask(...(await largeReport()));
    expect(await reelport.stop('SIGTERM')).toBe(0);
  });

  it('stops both roles in one process', async () => {
    reelport = await startReelport({ SHUTDOWN_GRACE_MS: '100' });
    await ask(await storeLargeFile());
    expect(await reelport.stop('SIGTERM')).toBe(0);
  });
});

it('SIGTERM waits for a client that reads its answer, and not for idle connections', async () => {
  reelport = await startReelport({ SHUTDOWN_GRACE_MS: '10m' }, ['main']);
  const idle = await ask('/health/live');
  const client = await ask(await storeLargeFile());
  const stopped = reelport.stop('SIGTERM');
  await once(idle.resume(), 'close');
  expect(await bodyOf(client)).toBe(LARGE_BYTES);
  expect(await stopped).toBe(0);
});
