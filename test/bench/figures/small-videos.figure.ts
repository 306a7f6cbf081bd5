import { againstFloor } from '../support/against-floor.js';
import type { Bench } from '../support/bench-run.js';
import type { Figure, Row } from '../support/figure.js';

const BYTES = 28_000;
const BUDGET = 0.8;

/** The default concurrency of a worker, at which the budget applies. */
const USUAL = 48;

/** V8 compiles during the first ten thousand videos. */
const WARM_UPS = 4;

export const smallVideos: Figure = {
  name: 'small',
  question:
    'How close to the baseline is the throughput of small videos, from the POST to the finished status?',
  when: 'always',
  measure: async (bench) => [
    await row(bench, { layout: 'standalone', concurrency: USUAL, budget: BUDGET }),
    await row(bench, { layout: 1, concurrency: USUAL, budget: BUDGET }),
    ...(await others(bench)),
  ],
};

/** Other concurrencies and batch sizes, without a budget and only in the whole form. */
async function others(bench: Bench): Promise<Row[]> {
  if (bench.quick) return [];
  return [
    await row(bench, { layout: 1, concurrency: 8 }),
    await row(bench, { layout: 1, concurrency: 128 }),
    await row(bench, { layout: 1, concurrency: USUAL, batch: 100, count: 2_000 }),
    await row(bench, { layout: 1, concurrency: USUAL, batch: 10_000, count: 10_000 }),
  ];
}

interface Case {
  layout: 'standalone' | 1;
  concurrency: number;
  batch?: number;
  count?: number;
  budget?: number;
}

async function row(bench: Bench, { layout, concurrency, batch, budget, ...rest }: Case): Promise<Row> {
  const count = rest.count ?? bench.amount(1_500, 3_000);
  const installation = await bench.install({
    workers: layout,
    environment: { WORKER_CONCURRENCY: String(concurrency) },
  });
  const processes = layout === 'standalone' ? 'one process' : 'API and worker';
  const batches = batch === undefined ? '' : `, batches of ${batch}`;
  const measured = await againstFloor(bench, await installation.client('bench'), {
    id: `small.${layout === 'standalone' ? 'one-process' : 'two-processes'}.c${concurrency}${batch === undefined ? '' : `.b${batch}`}`,
    what: `28 KB videos, ${processes}, concurrency ${concurrency}${batches}`,
    count,
    bytes: BYTES,
    concurrency,
    per: 'video',
    warmUps: WARM_UPS,
    ...(batch !== undefined && { batch }),
    ...(budget !== undefined && { budget }),
  });
  await installation.remove();
  return measured;
}
