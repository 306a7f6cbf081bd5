import 'reflect-metadata';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import Bull, { type Queue } from 'bull';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startServices, type SomeServices } from '#libs/embedded';
import { failToSave, tellRedis } from '../../../test/support/redis-server.js';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.js';
import { parseEnvironment } from '../../config/parse-environment.js';
import { queueOptions } from '../../queue/queue-options.js';
import type { ItemJob } from '../import-kind.js';
import { JobQueue, type NewJob } from './job-queue.js';

let folder: string;
let services: SomeServices;
let proxy: TcpProxy;
let queue: Queue<ItemJob>;
let jobs: JobQueue;

beforeAll(async () => {
  Logger.overrideLogger(false);
  folder = await mkdtemp(join(tmpdir(), 'reelport-jobs-'));
  await chmod(folder, 0o711);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A separate Redis, because these tests break it. */
beforeEach(async () => {
  services = await startServices({
    dataDir: folder,
    need: { database: false, redis: true },
    addresses: { redisSocket: join(folder, 'redis.sock') },
  });
  proxy = await startTcpProxy(services.redisUrl ?? '');
  const environment = parseEnvironment({ REDIS_URL: proxy.url });
  queue = new Bull<ItemJob>('things', proxy.url, queueOptions(environment));
  await queue.isReady();
  jobs = new JobQueue(queue, environment);
  await vi.waitUntil(() => jobs.heldBy === null, { timeout: 30_000 });
});
afterEach(async () => {
  await proxy.cut();
  await queue.close();
  await services.stop();
  vi.restoreAllMocks();
});

const jobsOf = (...itemIds: string[]): NewJob[] =>
  itemIds.map((itemId) => ({
    data: { itemId },
    opts: { priority: 1, removeOnComplete: true, removeOnFail: true },
  }));

const itemIds = async (): Promise<string[] | undefined> => (await jobs.itemIds())?.toSorted();

/** Uses a connection outside of Reelport. */
const tell = (...command: [string, ...string[]]): Promise<unknown> =>
  tellRedis(services.redisUrl ?? '', ...command);

describe('jobs', () => {
  it('are added although Redis has lost its scripts, which are loaded again', async () => {
    expect(await jobs.add(jobsOf('1'))).toBe(true);
    await tell('SCRIPT', 'FLUSH');
    expect(await jobs.add(jobsOf('2', '3', '4'))).toBe(true);
    expect(await itemIds()).toEqual(['1', '2', '3', '4']);
    await tell('SCRIPT', 'FLUSH');
    expect(await jobs.add(jobsOf('5'))).toBe(true);
    expect(jobs.heldBy).toBeNull();
  });

  it('do not count once a worker took them five seconds ago, and was killed before it could claim the item', async () => {
    await jobs.add(jobsOf('taken', 'orphaned', 'unnoted', 'waiting'));
    const long = String(Date.now() - 6_000);
    const taken = [await queue.getNextJob(), await queue.getNextJob(), await queue.getNextJob()];
    const [, orphaned, unnoted] = taken.map((job) => queue.toKey(String(job?.id)));
    await queue.client.hset(orphaned, 'processedOn', long);
    await queue.client.hdel(unnoted, 'processedOn');
    await queue.client.hset(unnoted, 'timestamp', long);
    expect(await itemIds()).toEqual(['taken', 'waiting']);
  });

  it('are consumed although Redis has lost its scripts', async () => {
    const taken: string[] = [];
    await Promise.race([
      queue.process((job) => Promise.resolve(void taken.push(job.data.itemId))),
      queue.isReady(),
    ]);
    await jobs.add(jobsOf('1'));
    await expect.poll(() => taken).toEqual(['1']);
    await tell('SCRIPT', 'FLUSH');
    await jobs.add(jobsOf('2', '3'));
    await expect.poll(() => taken.toSorted()).toEqual(['1', '2', '3']);
  });
});

interface Refusal {
  reason: string;
  begin: () => Promise<unknown>;
  end: () => Promise<unknown>;
}

const REFUSALS: Refusal[] = [
  {
    reason: 'redis_memory',
    begin: () => tell('CONFIG', 'SET', 'maxmemory', '1'),
    end: () => tell('CONFIG', 'SET', 'maxmemory', '0'),
  },
  {
    reason: 'redis_read_only',
    begin: () => tell('REPLICAOF', '127.0.0.1', '1'),
    end: () => tell('REPLICAOF', 'NO', 'ONE'),
  },
  {
    reason: 'redis_read_only',
    begin: () => tell('CONFIG', 'SET', 'min-replicas-to-write', '1'),
    end: () => tell('CONFIG', 'SET', 'min-replicas-to-write', '0'),
  },
  {
    reason: 'redis_disk',
    begin: () => failToSave(services.redisUrl ?? ''),
    end: () => tell('CONFIG', 'SET', 'save', ''),
  },
  {
    reason: 'redis_refused',
    begin: () => tell('ACL', 'SETUSER', 'default', '-eval', '-evalsha'),
    end: () => tell('ACL', 'SETUSER', 'default', '+@all'),
  },
  {
    reason: 'redis',
    begin: () => Promise.resolve(proxy.silence()),
    end: () => Promise.resolve(proxy.resume()),
  },
];

describe.each(REFUSALS)('a Redis that accepts no jobs: $reason', ({ reason, begin, end }) => {
  it('is detected by the check and by adding jobs, and so is its recovery; each is logged once', async () => {
    const [warn, log] = [vi.spyOn(Logger.prototype, 'warn'), vi.spyOn(Logger.prototype, 'log')];
    await begin();
    await expect.poll(() => jobs.look()).toBe(reason);
    expect(jobs.heldBy).toBe(reason);
    expect(await itemIds()).toBeUndefined();
    expect(await jobs.add(jobsOf('1', '2'))).toBe(false);
    expect(jobs.heldBy).toBe(reason);
    await end();
    await expect.poll(() => jobs.look()).toBeNull();
    expect(jobs.heldBy).toBeNull();
    expect(await jobs.add(jobsOf('3'))).toBe(true);
    expect(await itemIds()).toContain('3');
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining(`Redis accepts no jobs reason=${reason} error=`)],
    ]);
    expect(log.mock.calls).toEqual([
      [expect.stringContaining(`Redis accepts jobs again reason=${reason} after=`)],
    ]);
  });
});

const commands = async (): Promise<number> =>
  Number(/cmdstat_eval:calls=(\d+)/.exec(String(await tell('INFO', 'commandstats')))?.[1] ?? 0);

describe('the check', () => {
  it('queries Redis once for concurrent callers', async () => {
    const before = await commands();
    await Promise.all(Array.from({ length: 1_000 }, () => jobs.look()));
    expect((await commands()) - before).toBe(1);
  });
});
