import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ApiClient } from '../../support/api.js';
import { endedItems } from './backlog.js';
import { healthOf } from './import-run.js';
import type { BenchInstallation } from './bench-installation.js';
import { median } from './statistics.js';
import { until } from '../../support/until.js';

const POLL_EVERY_MS = 100;
/** Finished items after which a worker counts as warm: V8 has compiled its code by then. */
const WARM_AFTER = 3_000;

export interface Throughput {
  /** Items per second. */
  rate: number;
  /** Peak memory of Redis, in megabytes (10⁶). */
  redis: number;
  /** Median latency of the status, in milliseconds. */
  status: number;
  /** Dispatch round in milliseconds, as the worker reports it: a mean weighted towards recent rounds. */
  dispatch: number;
}

/** Combines equally long observations of one installation. */
export function together(parts: readonly Throughput[]): Throughput {
  const of = (name: keyof Throughput): number[] => parts.map((part) => part[name]);
  return {
    rate: median(of('rate')),
    redis: Math.max(...of('redis')),
    status: median(of('status')),
    dispatch: median(of('dispatch')),
  };
}

export interface Watch {
  seconds: number;
  api: ApiClient;
  /** Import whose status is polled. */
  importId: string;
  /** Called repeatedly with the number of finished items, to refill the backlog. */
  feed?: (ended: number) => Promise<void>;
}

/** Throughput of a new worker on a backlog, once it is warm. Stops the worker afterwards. */
export async function workOn(installation: BenchInstallation, watch: Watch): Promise<Throughput> {
  const poll = async (): Promise<number> => {
    const ended = await endedItems(installation.database);
    await watch.feed?.(ended);
    return ended;
  };
  const before = await poll();
  await installation.startWorkers(1);
  try {
    await until('a worker to be warm', async () => (await poll()) >= before + WARM_AFTER, {
      explain: () => healthOf(watch.api),
    });
    return await observe(installation, watch, poll);
  } finally {
    await installation.stopWorkers();
  }
}

async function observe(
  { queue, database }: BenchInstallation,
  { seconds, api, importId }: Watch,
  poll: () => Promise<number>,
): Promise<Throughput> {
  const redis: number[] = [];
  const status: number[] = [];
  const first = await endedItems(database);
  const startedAt = new Date();
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1_000) {
    await wait(POLL_EVERY_MS);
    await poll();
    const asked = performance.now();
    await api.status(importId);
    status.push(performance.now() - asked);
    redis.push(usedMegabytes(await queue.client.info('memory')));
  }
  const ended = (await endedItems(database)) - first;
  const rate = ended / ((performance.now() - begin) / 1_000);
  // The backlog keeps its size until the worker has reported.
  await until('a heartbeat of the worker', async () => {
    await poll();
    return (await dispatchRounds(database, startedAt)).length > 0;
  });
  const dispatch = median(await dispatchRounds(database, startedAt));
  return { rate, redis: Math.max(...redis), status: median(status), dispatch };
}

/** Dispatch rounds that workers reported since, in milliseconds. */
async function dispatchRounds(database: Client, since: Date): Promise<number[]> {
  const { rows } = await database.query<{ round_ms: number }>(
    'SELECT round_ms FROM workers WHERE seen_at > $1 AND round_ms IS NOT NULL',
    [since],
  );
  return rows.map((row) => row.round_ms);
}

/** @see https://redis.io/docs/latest/commands/info/ */
function usedMegabytes(info: string): number {
  const [, bytes] = /^used_memory:(\d+)/m.exec(info) ?? [];
  if (bytes === undefined) throw new Error('Redis did not report its memory');
  return Number(bytes) / 1e6;
}
