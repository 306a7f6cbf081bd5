import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { startServices } from '#libs/embedded';
import { tellRedis } from '../../test/support/redis-server.js';
import { startTcpProxy } from '../../test/support/tcp-proxy.js';
import { parseEnvironment } from '../config/parse-environment.js';
import { ApiError } from '../http/api-error.js';
import { LimitsRedis } from './limits-redis.js';
import { RateLimits } from './rate-limits.js';
import { openRedisLine, type RedisLine } from './testing/redis-line.js';

/** No server listens here. */
const NO_REDIS = 'redis://127.0.0.1:1';

let opened: LimitsRedis[];
let prefix: string;
let line: RedisLine | undefined;

beforeEach(() => {
  opened = [];
  prefix = `test-${randomUUID()}`;
  line = undefined;
});
afterEach(async () => {
  for (const redis of opened) redis.onApplicationShutdown();
  await line?.cut();
  vi.restoreAllMocks();
});

/** Opens the limits of one process. */
async function open(settings: Record<string, string>, ready = true): Promise<RateLimits> {
  const environment = parseEnvironment({
    REDIS_PREFIX: prefix,
    RATE_LIMIT_ADDRESS: '2',
    RATE_LIMIT_TOKEN: '3',
    RATE_LIMIT_FAILED_AUTH: '1',
    ...settings,
  });
  const redis = new LimitsRedis(environment);
  opened.push(redis);
  if (ready) await vi.waitUntil(() => redis.client?.status === 'ready', { timeout: 30_000 });
  return new RateLimits(environment, redis);
}

/** Number of admitted requests out of ten. */
async function letIn(count: () => Promise<void>): Promise<number> {
  let admitted = 0;
  for (let n = 0; n < 10; n += 1) {
    try {
      await count();
      admitted += 1;
    } catch (error) {
      if (!(error instanceof ApiError && error.statusCode === 429)) throw error;
    }
  }
  return admitted;
}

describe('a rate limit', () => {
  it('counts per address, per token, and per address for failures', async () => {
    const limits = await open({ REDIS_URL: inject('redisUrl') });
    expect(await letIn(() => limits.countRequest('192.0.2.1'))).toBe(2);
    expect(await letIn(() => limits.countRequest('192.0.2.2'))).toBe(2);
    expect(await letIn(() => limits.countToken('a'))).toBe(3);
    expect(await letIn(() => limits.countToken('b'))).toBe(3);
    expect(await letIn(() => limits.countFailedAuth('192.0.2.1'))).toBe(1);
  });

  it('names the limit and when to retry', async () => {
    const limits = await open({ REDIS_URL: inject('redisUrl') });
    await limits.countFailedAuth('192.0.2.1');
    const error: unknown = await limits.countFailedAuth('192.0.2.1').catch((reason: unknown) => reason);
    if (!(error instanceof ApiError)) throw error;
    const { 'retry-after': seconds } = error.headers;
    expect(error.envelope).toEqual({
      status: 429,
      error: 'Usage Limit Exceeded',
      error_details: {
        access_token: `Too many requests without a valid access token from this address; retry in ${seconds} seconds`,
      },
    });
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(Number(seconds)).toBeLessThanOrEqual(60);
  });

  it('is shared by all processes', async () => {
    const processes = [
      await open({ REDIS_URL: inject('redisUrl') }),
      await open({ REDIS_URL: inject('redisUrl') }),
    ];
    let turn = 0;
    expect(await letIn(() => processes[(turn += 1) % 2].countToken('shared'))).toBe(3);
  });

  it('is off with 0 and opens no connection', async () => {
    const off = { RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_TOKEN: '0', RATE_LIMIT_FAILED_AUTH: '0' };
    const limits = await open({ REDIS_URL: inject('redisUrl'), ...off }, false);
    expect(await letIn(() => limits.countRequest('192.0.2.1'))).toBe(10);
    expect(await letIn(() => limits.countToken('a'))).toBe(10);
    expect(await letIn(() => limits.countFailedAuth('192.0.2.1'))).toBe(10);
    expect(opened[0].client).toBeUndefined();
  });
});

describe('a process without Redis', () => {
  it.each([
    ['is unavailable', { REDIS_URL: NO_REDIS }],
    ['is not configured', {}],
  ])('counts separately if Redis %s', async (_why, settings: Record<string, string>) => {
    vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const limits = await open(settings, false);
    expect(await letIn(() => limits.countToken('a'))).toBe(3);
    expect(await letIn(() => limits.countToken('b'))).toBe(3);
  });

  it('counts separately and logs once if Redis hangs or disconnects', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
    line = await openRedisLine(inject('redisUrl'));
    const limits = await open({ REDIS_URL: line.url });
    line.hang();
    expect(await letIn(() => limits.countToken('a'))).toBe(3);
    await line.cut();
    line = undefined;
    expect(await letIn(() => limits.countToken('b'))).toBe(3);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce(), { timeout: 30_000 });
  });
});

describe('after a failover', () => {
  it('counts at the new primary behind the same address, though the old one keeps the connection', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reelport-limits-'));
    await chmod(folder, 0o711);
    const old = await startServices({
      dataDir: folder,
      need: { database: false, redis: true },
      addresses: { redisSocket: join(folder, 'redis.sock') },
    });
    const proxy = await startTcpProxy(old.redisUrl ?? '');
    try {
      const limits = await open({ REDIS_URL: proxy.url });
      await limits.countToken('a');
      await tellRedis(old.redisUrl ?? '', 'REPLICAOF', '127.0.0.1', '1');
      proxy.switchTo(inject('redisUrl'));
      // A client over its limit is refused without asking Redis.
      const countedAtNew = async (): Promise<unknown> => {
        const client = randomUUID();
        await limits.countToken(client);
        return tellRedis(inject('redisUrl'), 'GET', `${prefix}:limit:token:${client}`);
      };
      await expect.poll(countedAtNew).toBe('1');
    } finally {
      await proxy.cut();
      await old.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
