import type { Client } from 'pg';
import type { ApiClient } from '../../support/api.js';
import { writeBacklog } from '../support/backlog.js';
import type { Bench } from '../support/bench-run.js';
import type { Child } from '../support/child.js';
import { eventLoopDuring } from '../support/event-loop.js';
import type { Figure, Row } from '../support/figure.js';
import { batchOf, runImport } from '../support/import-run.js';
import { median } from '../support/statistics.js';

const VIDEOS = 10_000;
const BYTES = 28_000;
const PROJECT = 'bench';
const BUDGET_MS = 1_000;
const DELAY_BUDGET_MS = 50;

export const accept: Figure = {
  name: 'accept',
  question: 'What are the latency and the event-loop delay of accepting 10 000 videos?',
  when: 'always',
  measure: async (bench) => [...(await alone(bench)), ...(await besideWork(bench))],
};

/** An idle installation: the batch stays pending. */
async function alone(bench: Bench): Promise<Row[]> {
  const { api, client, database } = await apiOf(bench, 0);
  const round = async () => ({
    floor: await writeRows(bench, database),
    ...(await eventLoopDuring(api, () => post(bench, client))),
  });
  const rounds = await bench.repeat(round, round);
  const times = rounds.map(({ result }) => result);
  const ratios = rounds.map(({ floor, result }) => floor / result);
  const delays = rounds.map(({ delay }) => delay.max);
  return [
    {
      id: 'accept.time',
      what: 'Accepting 10 000 videos',
      unit: 'ms',
      better: 'lower',
      value: median(times),
      rounds: times,
      budget: BUDGET_MS,
      absolute: { throughput: { value: VIDEOS / (median(times) / 1_000), unit: 'videos/s' } },
    },
    {
      id: 'accept.to-database',
      what: 'Accepting 10 000 videos, relative to PostgreSQL by itself for as many rows',
      unit: '×',
      better: 'higher',
      value: median(ratios),
      rounds: ratios,
      absolute: { 'PostgreSQL by itself': { value: median(rounds.map(({ floor }) => floor)), unit: 'ms' } },
    },
    {
      id: 'accept.hold',
      what: 'Maximum event-loop delay while accepting 10 000 videos',
      unit: 'ms',
      better: 'lower',
      value: median(delays),
      rounds: delays,
      budget: DELAY_BUDGET_MS,
      absolute: { '99.9th percentile': { value: median(rounds.map(({ delay }) => delay.p999)), unit: 'ms' } },
    },
  ];
}

/** A busy installation: a worker is at its limit, and clients read the status of another 10 000 videos. */
async function besideWork(bench: Bench): Promise<Row[]> {
  const { api, client } = await apiOf(bench, 1);
  const count = bench.amount(500, VIDEOS);
  const { id } = await runImport(client, bench.origin.urls({ name: bench.name(), count, bytes: BYTES }));
  const once = async () =>
    eventLoopDuring(api, async () => {
      const [time] = await Promise.all([post(bench, client), client.status(id), client.status(id)]);
      return time;
    });
  // The 99.9th percentile of a short run is a single sample, so a round takes the median of three runs.
  const round = async () => [await once(), await once(), await once()];
  const rounds = await bench.repeat(round, round);
  const delays = rounds.map((times) => median(times.map(({ delay }) => delay.p999)));
  const all = rounds.flat();
  return [
    {
      id: 'accept.hold-beside-work',
      what: `Event-loop delay with a busy worker and status reads of ${count} videos, 99.9th percentile`,
      unit: 'ms',
      better: 'lower',
      value: median(delays),
      rounds: delays,
      budget: DELAY_BUDGET_MS,
      absolute: {
        maximum: { value: Math.max(...all.map(({ delay }) => delay.max)), unit: 'ms' },
        accepting: { value: median(all.map(({ result }) => result)), unit: 'ms' },
      },
    },
  ];
}

async function apiOf(
  bench: Bench,
  workers: number,
): Promise<{ api: Child; client: ApiClient; database: Client }> {
  const installation = await bench.install({ workers });
  const { api, database } = installation;
  return { api, database, client: await installation.client(PROJECT) };
}

/** Writes the rows of a batch with plain SQL. Returns the milliseconds until the commit. */
async function writeRows(bench: Bench, database: Client): Promise<number> {
  const folders = bench.origin.hosts.map((host) => `${bench.origin.address(host)}/${BYTES}/0`);
  const name = bench.name();
  const begin = performance.now();
  await writeBacklog(database, { project: PROJECT, name, imports: 1, itemsPerImport: VIDEOS, folders });
  return performance.now() - begin;
}

/** Posts a batch. Returns the milliseconds until the answer. */
async function post(bench: Bench, client: ApiClient): Promise<number> {
  const urls = bench.origin.urls({ name: bench.name(), count: VIDEOS, bytes: BYTES });
  const body = JSON.stringify({ systemName: 'bench', videos: batchOf(urls) });
  const begin = performance.now();
  const { status } = await client.call('POST', '/api/v1/import/videos', { body });
  const milliseconds = performance.now() - begin;
  if (status !== 200) throw new Error(`The batch was answered ${status}`);
  return milliseconds;
}
