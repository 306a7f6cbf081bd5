import type { ApiClient } from '../../support/api.js';
import type { Bench } from '../support/bench-run.js';
import type { Figure } from '../support/figure.js';
import { runImport } from '../support/import-run.js';
import { median } from '../support/statistics.js';

const BYTES = 28_000;
const DELAY_MS = 200;
const BUDGET = 1.9;

/** Waiting for the origin dominates at this concurrency, and the limit per host is never reached. */
const ENVIRONMENT = { WORKER_CONCURRENCY: '8', HOST_CONCURRENCY: '64' };

export const workers: Figure = {
  name: 'workers',
  question:
    'How much higher is the throughput of two workers than of one, with an origin that answers after 200 ms?',
  when: 'always',
  measure: async (bench) => {
    const count = bench.amount(240, 1_000);
    const [one, two] = [await clientOf(bench, 1), await clientOf(bench, 2)];
    const files = (): string[] =>
      bench.origin.urls({ name: bench.name(), count, bytes: BYTES, delayMs: DELAY_MS });
    const round = async (): Promise<{ one: number; two: number }> => ({
      one: (await runImport(one, files())).seconds,
      two: (await runImport(two, files())).seconds,
    });
    const rounds = await bench.repeat(round, round);
    const ratios = rounds.map((seconds) => seconds.one / seconds.two);
    return [
      {
        id: 'workers.two-to-one',
        what: `Throughput of two workers relative to one, origin with ${DELAY_MS} ms`,
        unit: '×',
        better: 'higher',
        value: median(ratios),
        rounds: ratios,
        budget: BUDGET,
        absolute: {
          two: { value: count / median(rounds.map((seconds) => seconds.two)), unit: 'videos/s' },
          one: { value: count / median(rounds.map((seconds) => seconds.one)), unit: 'videos/s' },
        },
      },
    ];
  },
};

async function clientOf(bench: Bench, count: number): Promise<ApiClient> {
  const installation = await bench.install({ workers: count, environment: ENVIRONMENT });
  return installation.client('bench');
}
