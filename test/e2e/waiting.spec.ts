import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServices, type SomeServices } from '#libs/embedded';
import { ApiClient } from '../support/api.js';
import { freePort } from '../support/free-port.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { failToSave, tellRedis } from '../support/redis-server.js';
import { startReelport, type Program, type Reelport } from '../support/reelport.js';
import { entry, newPartner } from './scene.js';

interface Case {
  reason: string;
  environment: () => Promise<Record<string, string>> | Record<string, string>;
  programs?: Program[];
}

const CASES: Case[] = [
  { reason: 'no_worker', environment: () => ({}), programs: ['main'] },
  { reason: 'retry', environment: () => ({ RETRY_SCHEDULE: '1h' }) },
  { reason: 'redis', environment: async () => ({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }) },
];

let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin();
  origin.serve('/*', Buffer.of(), { status: 500 });
  origin.script('/gone.mp4', [{ status: 404 }]);
});
afterAll(() => origin?.close());

/** Reasons according to the health check and to the metrics. */
async function reasonsOf(reelport: Reelport): Promise<{ health: string[]; metrics: string[] }> {
  const token = await reelport.createToken(await reelport.createProject(), ['public-api:admin']);
  const api = new ApiClient(reelport.url, token);
  const health = await api.call<{ details: { backlog: { waiting: string[] } } }>('GET', '/health/ready');
  const { body } = await api.call<string>('GET', '/metrics');
  const metrics = [...body.matchAll(/^reelport_waiting\{reason="(\w+)"\} (\d+)$/gm)];
  return {
    health: health.body.details.backlog.waiting,
    metrics: metrics.filter(([, , count]) => count !== '0').map(([, name]) => name),
  };
}

describe.each(CASES)('if items are pending because of $reason', ({ reason, environment, programs }) => {
  let reelport: Reelport;

  beforeAll(async () => {
    reelport = await startReelport(await environment(), programs);
  });
  afterAll(() => reelport?.remove());

  it('the health check and the metrics say so', async () => {
    const { api } = await newPartner(reelport);
    await api.importVideos('waiting', [entry('a', origin.url('/a.mp4'))]);
    await expect.poll(() => reasonsOf(reelport)).toEqual({ health: [reason], metrics: [reason] });
  });
});

describe('while items are pending because Redis accepts no jobs', () => {
  let folder: string;
  let redis: SomeServices;
  let reelport: Reelport;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reelport-waiting-'));
    await chmod(folder, 0o711);
    redis = await startServices({
      dataDir: folder,
      need: { database: false, redis: true },
      addresses: { redisSocket: join(folder, 'redis.sock') },
    });
    reelport = await startReelport({ REDIS_URL: redis.redisUrl ?? '' });
  });
  afterAll(async () => {
    await reelport?.remove();
    await redis?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const tell = (...command: [string, ...string[]]) => tellRedis(redis.redisUrl ?? '', ...command);

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    [
      'redis_memory',
      () => tell('CONFIG', 'SET', 'maxmemory', '1'),
      () => tell('CONFIG', 'SET', 'maxmemory', '0'),
    ],
    [
      'redis_read_only',
      () => tell('CONFIG', 'SET', 'min-replicas-to-write', '1'),
      () => tell('CONFIG', 'SET', 'min-replicas-to-write', '0'),
    ],
    [
      'redis_refused',
      () => tell('ACL', 'SETUSER', 'default', '-eval', '-evalsha'),
      () => tell('ACL', 'SETUSER', 'default', '+@all'),
    ],
    ['redis_disk', () => failToSave(redis.redisUrl ?? ''), () => tell('CONFIG', 'SET', 'save', '')],
  ])('the health check and the metrics say %s, and items finish once it does', async (reason, begin, end) => {
    const { api } = await newPartner(reelport);
    await begin();
    await expect.poll(() => reasonsOf(reelport)).toEqual({ health: [reason], metrics: [reason] });
    const importId = await api.importVideos('waiting', [entry('a', origin.url('/gone.mp4'))]);
    await end();
    expect((await api.finished(importId)).overview).toMatchObject({ failed: 1 });
  });
});
