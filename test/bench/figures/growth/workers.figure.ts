import type { Figure, Row } from '../../support/figure.js';
import { runImport } from '../../support/import-run.js';
import { point } from './point.js';

const BYTES = 28_000;
const WORKERS = [1, 2, 4];

export const growthByWorkers: Figure = {
  name: 'growth-workers',
  question: 'How does the throughput of small videos grow with the number of workers on one machine?',
  when: 'whole',
  measure: async (bench) => {
    const installation = await bench.install({ workers: 0 });
    const api = await installation.client('bench');
    const count = bench.amount(500, 5_000);
    const round = async () => {
      const urls = bench.origin.urls({ name: bench.name(), count, bytes: BYTES });
      const { seconds, accepted } = await runImport(api, urls);
      return { rate: count / seconds, accepted: accepted * 1_000 };
    };
    const rows: Row[] = [];
    for (const workers of WORKERS) {
      await installation.startWorkers(workers - installation.workers.length);
      const what = workers === 1 ? 'one worker' : `${workers} workers`;
      rows.push(
        ...point('growth-workers', workers, { what, batch: count }, await bench.repeat(round, round)),
      );
    }
    return rows;
  },
};
