import type { ApiClient } from '../../support/api.js';
import type { Bench } from '../support/bench-run.js';
import type { Child } from '../support/child.js';
import { eventLoopDuring } from '../support/event-loop.js';
import type { Figure, Row } from '../support/figure.js';
import { batchOf, runImport } from '../support/import-run.js';
import { median } from '../support/statistics.js';

const VIDEOS = 10_000;
const BYTES = 28_000;
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
  const { api, client } = await apiOf(bench, 0);
  const round = async () => eventLoopDuring(api, () => post(bench, client));
  const rounds = await bench.repeat(round, round);
  const times = rounds.map(({ result }) => result);
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
  const round = async () =>
    eventLoopDuring(api, async () => {
      const [time] = await Promise.all([post(bench, client), client.status(id), client.status(id)]);
      return time;
    });
  const rounds = await bench.repeat(round, round);
  const holds = rounds.map(({ delay }) => delay.p999);
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
        longest: { value: median(rounds.map(({ delay }) => delay.max)), unit: 'ms' },
        accepting: { value: median(rounds.map(({ result }) => result)), unit: 'ms' },
      },
    },
  ];
}

async function apiOf(bench: Bench, workers: number): Promise<{ api: Child; client: ApiClient }> {
  const installation = await bench.install({ workers });
  return { api: installation.api, client: await installation.client('bench') };
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
