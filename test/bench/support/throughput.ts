import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ApiClient } from '../../support/api.js';
import { endedItems } from './backlog.js';
import { healthOf } from './import-run.js';
import type { Installation } from './installation.js';
import { median } from './statistics.js';
import { until } from './until.js';

const LOOK_EVERY_MS = 100;
/** Until so many are done, workers are warming up: V8 has not compiled all of their code yet. */
const WARM_AFTER = 3_000;

export interface Throughput {
  /** Items a second. */
  rate: number;
  /** The most that Redis used, in megabytes (10⁶). */
  redis: number;
  /** Milliseconds of a status call, median. */
  status: number;
  /** Milliseconds of a round of dispatching, as the worker itself tells: a mean in which the latest rounds count most. */
  dispatch: number;
}

/** Of equally long observations of the same installation. */
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
  /** Import whose status is asked for. */
  importId: string;
  /** Called again and again with the number of items that have ended: keeps the backlog as long as it should be. */
  feed?: (ended: number) => Promise<void>;
}

/** What a worker that starts now gets done of a backlog, once it is warm; it is stopped again. */
export async function workOn(installation: Installation, watch: Watch): Promise<Throughput> {
  const look = async (): Promise<number> => {
    const ended = await endedItems(installation.database);
    await watch.feed?.(ended);
    return ended;
  };
  const before = await look();
  await installation.startWorkers(1);
  try {
    await until(
      'a worker to be warm',
      async () => (await look()) >= before + WARM_AFTER,
      () => healthOf(watch.api),
    );
    return await observe(installation, watch, look);
  } finally {
    await installation.stopWorkers();
  }
}

async function observe(
  { queue, database }: Installation,
  { seconds, api, importId }: Watch,
  look: () => Promise<number>,
): Promise<Throughput> {
  const redis: number[] = [];
  const status: number[] = [];
  const first = await endedItems(database);
  const startedAt = new Date();
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1_000) {
    await wait(LOOK_EVERY_MS);
    await look();
    const asked = performance.now();
    await api.status(importId);
    status.push(performance.now() - asked);
    redis.push(usedMegabytes(await queue.client.info('memory')));
  }
  const ended = (await endedItems(database)) - first;
  const rate = ended / ((performance.now() - begin) / 1_000);
  // The backlog stays as long as it was until the worker has told.
  await until('a heartbeat of the worker', async () => {
    await look();
    return (await dispatchRounds(database, startedAt)).length > 0;
  });
  const dispatch = median(await dispatchRounds(database, startedAt));
  return { rate, redis: Math.max(...redis), status: median(status), dispatch };
}

/** What the workers have told since of their rounds, in milliseconds. */
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
  if (bytes === undefined) throw new Error('Redis does not tell its memory');
  return Number(bytes) / 1e6;
}
