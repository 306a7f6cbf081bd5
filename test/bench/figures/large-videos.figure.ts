import { againstFloor } from '../support/against-floor.js';
import type { Figure } from '../support/figure.js';

const MB = 1e6;
const BUDGET_60_MB = 1;
const BUDGET_1_MB = 0.85;
const CONCURRENCY = 8;

export const largeVideos: Figure = {
  name: 'large',
  question: 'How close to the baseline is the throughput of large videos?',
  when: 'always',
  measure: async (bench) => {
    const installation = await bench.install({
      workers: 1,
      environment: { WORKER_CONCURRENCY: String(CONCURRENCY) },
    });
    const api = await installation.client('bench');
    const usual = { concurrency: CONCURRENCY, per: 'byte' } as const;
    return [
      await againstFloor(bench, api, {
        ...usual,
        id: 'large.60mb',
        what: '60 MB videos, 8 at once',
        count: bench.amount(4, 24),
        bytes: 60 * MB,
        budget: BUDGET_60_MB,
      }),
      await againstFloor(bench, api, {
        ...usual,
        id: 'large.1mb',
        what: '1 MB videos, 8 at once',
        count: bench.amount(100, 600),
        bytes: MB,
        budget: BUDGET_1_MB,
      }),
    ];
  },
};
