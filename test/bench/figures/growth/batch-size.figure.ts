import type { Figure, Row } from '../../support/figure.js';
import { runBatches } from '../../support/import-run.js';
import { median } from '../../support/statistics.js';
import { point } from './point.js';

const BYTES = 28_000;
/** Size of the batches, and total number of videos. */
type Case = readonly [batch: number, count: number];
const QUICK: readonly Case[] = [
  [1, 20],
  [100, 200],
];
const WHOLE: readonly Case[] = [
  [1, 200],
  [100, 2_000],
  [10_000, 10_000],
];

export const growthByBatchSize: Figure = {
  name: 'growth-batch-size',
  question: 'How does the cost of a video grow with the size of its batch?',
  when: 'whole',
  measure: async (bench) => {
    const installation = await bench.install({ workers: 1 });
    const api = await installation.client('bench');
    const rows: Row[] = [];
    for (const [batch, count] of bench.quick ? QUICK : WHOLE) {
      const round = async () => {
        const urls = bench.origin.urls({ name: bench.name(), count, bytes: BYTES });
        const runs = await runBatches(api, urls, batch);
        return {
          rate: count / runs.reduce((sum, { seconds }) => sum + seconds, 0),
          accepted: median(runs.map(({ accepted }) => accepted)) * 1_000,
        };
      };
      const what = `sequential batches of ${batch}`;
      rows.push(...point('growth-batch-size', batch, { what, batch }, await bench.repeat(round, round)));
    }
    return rows;
  },
};
