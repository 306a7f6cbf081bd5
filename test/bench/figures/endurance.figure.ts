import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from '../../support/api.js';
import type { Bench } from '../support/bench-run.js';
import type { Figure } from '../support/figure.js';
import { runImport } from '../support/import-run.js';
import { memoryDuring } from '../support/resident-memory.js';
import { median, slope } from '../support/statistics.js';

const BYTES = 28_000;
const BATCH = 1_000;
/** Allowed growth in the second half, in megabytes; a leak of every video would exceed it. */
const BUDGET_MB = 10;
const SAMPLES = 1_000;
const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 5_000;

export const endurance: Figure = {
  name: 'endurance',
  question: 'How much does the memory of a worker grow over 100 000 videos?',
  when: 'named',
  measure: async (bench) => {
    const { videos, minutes } = bench.effort;
    const installation = await bench.install({ workers: 1 });
    const [worker] = installation.workers;
    if (worker === undefined) throw new Error('The installation has no worker');
    const api = await installation.client('bench');
    const everyMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, (minutes * 60_000) / SAMPLES));
    const { result, use } = await memoryDuring(worker.pid, () => runSpread(bench, api), everyMs);
    const half = use.samples.slice(Math.floor(use.samples.length / 2));
    const growth = slope(half) * ((half.at(-1)?.[0] ?? 0) - (half[0]?.[0] ?? 0));
    return [
      {
        id: 'endurance.growth',
        what: `Memory growth of a worker in the second half of ${videos} videos`,
        unit: 'MB',
        better: 'lower',
        value: growth,
        rounds: [growth],
        budget: BUDGET_MB,
        absolute: {
          median: { value: median(half.map(([, megabytes]) => megabytes)), unit: 'MB' },
          peak: { value: use.peak, unit: 'MB' },
          time: { value: result / 60, unit: 'min' },
          throughput: { value: videos / result, unit: 'videos/s' },
        },
        samples: use.samples,
      },
    ];
  },
};

/** Imports batches at a steady rate. @returns seconds */
async function runSpread(bench: Bench, api: ApiClient): Promise<number> {
  const { videos, minutes } = bench.effort;
  const begin = performance.now();
  for (let posted = 0; posted < videos; posted += BATCH) {
    await wait(Math.max(0, begin + (minutes * 60_000 * posted) / videos - performance.now()));
    const count = Math.min(BATCH, videos - posted);
    await runImport(api, bench.origin.urls({ name: bench.name(), count, bytes: BYTES }));
  }
  return (performance.now() - begin) / 1_000;
}
