import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { getQueueToken } from '@nestjs/bull';
import { TerminusModule } from '@nestjs/terminus';
import { Test, type TestingModule } from '@nestjs/testing';
import { getRepositoryToken } from '@nestjs/typeorm';
import { DataSource, type EntitySubscriberInterface } from 'typeorm';
import Bull from 'bull';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.js';
import { Environment } from '../config/environment.js';
import { parseEnvironment } from '../config/parse-environment.js';
import { ConnectionRenewal } from '../database/connection-renewal.js';
import { databaseOptions } from '../database/database-options.js';
import { EventsBacklogRepository } from '../events/events-backlog.repository.js';
import { Extensions } from '../extension/extensions.js';
import { JobQueue } from '../imports/dispatch/job-queue.js';
import { ITEM_QUEUE } from '../imports/item-queue.js';
import { RecentBacklog } from '../imports/workers/recent-backlog.js';
import { WaitingRepository } from '../imports/workers/waiting.repository.js';
import { Worker } from '../imports/workers/worker.entity.js';
import { WorkersRepository } from '../imports/workers/workers.repository.js';
import { assertReady } from './assert-ready.js';
import { BacklogHealth } from './backlog-health.js';
import { DatabaseHealth } from './database-health.js';
import { EventsHealth } from './events-health.js';
import { Readiness } from './readiness.js';
import { RedisHealth } from './redis-health.js';

/** Statements per check: writability, backlog, workers and events. */
const STATEMENTS = 4;

let database: TestDatabase;
let proxy: TcpProxy;
let dataSource: DataSource;
let app: TestingModule;
let readiness: Readiness;
let queue: Bull.Queue;
let statements: number;

beforeEach(async () => {
  database = await createDatabase();
  proxy = await startTcpProxy(database.url);
});
afterEach(async () => {
  await app.close();
  await queue.close();
  await dataSource.destroy();
  await proxy.cut();
  await database.drop();
});

async function open(): Promise<void> {
  dataSource = await new DataSource({
    ...databaseOptions({ url: proxy.url, poolSize: 5, timeoutMs: 1_000 }),
    entities: [Worker],
    logging: false,
  }).initialize();
  statements = 0;
  queue = new Bull(ITEM_QUEUE, inject('redisUrl'), { prefix: `test-${randomUUID()}` });
  await queue.isReady();
  const counter: EntitySubscriberInterface = { beforeQuery: () => void (statements += 1) };
  dataSource.subscribers.push(counter);
  app = await Test.createTestingModule({
    imports: [TerminusModule.forRoot({ logger: false })],
    providers: [
      Readiness,
      DatabaseHealth,
      RedisHealth,
      BacklogHealth,
      EventsHealth,
      EventsBacklogRepository,
      { provide: Extensions, useValue: new Extensions([]) },
      RecentBacklog,
      WaitingRepository,
      WorkersRepository,
      JobQueue,
      ConnectionRenewal,
      { provide: getQueueToken(ITEM_QUEUE), useValue: queue },
      { provide: DataSource, useValue: dataSource },
      { provide: getRepositoryToken(Worker), useValue: dataSource.getRepository(Worker) },
      { provide: Environment, useValue: parseEnvironment({}) },
    ],
  }).compile();
  readiness = app.get(Readiness);
}

describe('readiness', () => {
  it('runs one check for concurrent callers', async () => {
    await open();
    const results = await Promise.all(Array.from({ length: 1_000 }, () => readiness.check()));
    expect(new Set(results).size).toBe(1);
    expect(results[0]).toMatchObject({ status: 'ok', details: { database: { status: 'up' } } });
    expect(statements).toBe(STATEMENTS);
    // A later call runs a new check.
    await expect
      .poll(async () => {
        await readiness.check();
        return statements;
      })
      .toBe(2 * STATEMENTS);
  });

  it('answers callers one after the other from a result that is at most a second old', async () => {
    await open();
    const start = performance.now();
    const now = vi.spyOn(performance, 'now');
    try {
      for (const ageMs of [0, 300, 999]) {
        now.mockReturnValue(start + ageMs);
        await readiness.check();
        expect(statements).toBe(STATEMENTS);
      }
      now.mockReturnValue(start + 1_100);
      // The cache looks at the clock once a millisecond.
      await expect.poll(() => readiness.check().then(() => statements)).toBe(2 * STATEMENTS);
    } finally {
      now.mockRestore();
    }
  });

  it('is denied while the database is unresponsive, without using up the pool', async () => {
    await open();
    await readiness.check();
    proxy.silence();
    await expect.poll(async () => (await readiness.check()).status).toBe('error');
    // At most three statements are unanswered.
    expect(statements).toBeLessThanOrEqual(STATEMENTS + 3);
    proxy.resume();
    await expect.poll(async () => (await readiness.check()).status).toBe('ok');
  });

  it('is denied with a reason if the database accepts no writes', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.dataSource.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await open();
    const result = await readiness.check();
    expect(result).toMatchObject({
      status: 'error',
      details: { database: { status: 'down', reason: 'read_only' } },
    });
    expect(() => assertReady(result)).toThrow(
      expect.objectContaining({ statusCode: 503, details: { database: 'This takes no writes' } }),
    );
    // The check itself closes the connections, so that the next check reaches the writable server.
    await database.dataSource.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await expect.poll(async () => (await readiness.check()).status).toBe('ok');
  });
});
