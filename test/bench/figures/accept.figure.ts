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
const HOLD_BUDGET_MS = 50;

export const accept: Figure = {
  name: 'accept',
  question: 'How long does it take to accept 10 000 videos, and how long is the event loop held?',
  when: 'always',
  measure: async (bench) => [...(await alone(bench)), ...(await besideWork(bench))],
};

/** Nothing else to do: a batch comes in, and stays. */
async function alone(bench: Bench): Promise<Row[]> {
  const { api, client, database } = await apiOf(bench, 0);
  const round = async () => ({
    floor: await writeRows(bench, database),
    ...(await eventLoopDuring(api, () => post(bench, client))),
  });
  const rounds = await bench.repeat(round, round);
  const times = rounds.map(({ result }) => result);
  const ratios = rounds.map(({ floor, result }) => floor / result);
  const holds = rounds.map(({ delay }) => delay.max);
  return [
    {
      id: 'accept.time',
      what: 'Accepting 10 000 videos',
      unit: 'ms',
      better: 'lower',
      value: median(times),
      rounds: times,
      budget: BUDGET_MS,
      absolute: { rate: { value: VIDEOS / (median(times) / 1_000), unit: 'videos/s' } },
    },
    {
      id: 'accept.to-database',
      what: 'The same, to the time in which PostgreSQL by itself writes as many rows',
      unit: '×',
      better: 'higher',
      value: median(ratios),
      rounds: ratios,
      absolute: { 'PostgreSQL by itself': { value: median(rounds.map(({ floor }) => floor)), unit: 'ms' } },
    },
    {
      id: 'accept.hold',
      what: 'Longest hold of the event loop meanwhile',
      unit: 'ms',
      better: 'lower',
      value: median(holds),
      rounds: holds,
      budget: HOLD_BUDGET_MS,
      absolute: { '99.9th percentile': { value: median(rounds.map(({ delay }) => delay.p999)), unit: 'ms' } },
    },
  ];
}

/** While a worker has all it can do, and the status of another 10 000 is read. */
async function besideWork(bench: Bench): Promise<Row[]> {
  const { api, client } = await apiOf(bench, 1);
  const count = bench.amount(500, VIDEOS);
  const { id } = await runImport(client, bench.origin.urls({ name: bench.name(), count, bytes: BYTES }));
  const once = async () =>
    eventLoopDuring(api, async () => {
      const [time] = await Promise.all([post(bench, client), client.status(id), client.status(id)]);
      return time;
    });
  // A batch is accepted in less than a second, of which the 99.9th percentile is one moment: the median of three says more.
  const round = async () => [await once(), await once(), await once()];
  const rounds = await bench.repeat(round, round);
  const holds = rounds.map((times) => median(times.map(({ delay }) => delay.p999)));
  const all = rounds.flat();
  return [
    {
      id: 'accept.hold-beside-work',
      what: `The same beside a busy worker and reads of the status of ${count}, 99.9th percentile`,
      unit: 'ms',
      better: 'lower',
      value: median(holds),
      rounds: holds,
      budget: HOLD_BUDGET_MS,
      absolute: {
        'longest of all': { value: Math.max(...all.map(({ delay }) => delay.max)), unit: 'ms' },
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

/** Writes what a batch comes to, with SQL alone; milliseconds to the end of the transaction. */
async function writeRows(bench: Bench, database: Client): Promise<number> {
  const folders = bench.origin.hosts.map((host) => `${bench.origin.address(host)}/${BYTES}/0`);
  const name = bench.name();
  const begin = performance.now();
  await writeBacklog(database, { project: PROJECT, name, imports: 1, itemsPerImport: VIDEOS, folders });
  return performance.now() - begin;
}

/** Posts a whole batch; milliseconds to the answer. */
async function post(bench: Bench, client: ApiClient): Promise<number> {
  const urls = bench.origin.urls({ name: bench.name(), count: VIDEOS, bytes: BYTES });
  const body = JSON.stringify({ systemName: 'bench', videos: batchOf(urls) });
  const begin = performance.now();
  const { status } = await client.call('POST', '/api/v1/import/videos', { body });
  const milliseconds = performance.now() - begin;
  if (status !== 200) throw new Error(`The batch was answered ${status}`);
  return milliseconds;
}
