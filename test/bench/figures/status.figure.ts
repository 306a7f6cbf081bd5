import type { Client } from 'pg';
import type { ApiClient } from '../../support/api.js';
import type { Figure, Row } from '../support/figure.js';
import { runImport } from '../support/import-run.js';
import { median, percentile } from '../support/statistics.js';

const BYTES = 28_000;
const BUDGET_MS = 150;
const READS = 40;

export const status: Figure = {
  name: 'status',
  question: 'What is the latency of the status of a finished import of 10 000 videos?',
  when: 'always',
  measure: async (bench): Promise<Row[]> => {
    const count = bench.amount(2_000, 10_000);
    const installation = await bench.install({ workers: 1 });
    const api = await installation.client('bench');
    const { id } = await runImport(api, bench.origin.urls({ name: bench.name(), count, bytes: BYTES }));
    await installation.stopWorkers();
    const read = (times: number): Promise<Reads> => readAlternately(times, id, api, installation.database);
    const rounds = await bench.repeat(
      () => read(READS),
      () => read(READS / 4),
    );
    const slow = rounds.map(({ product }) => percentile(product, 0.95));
    const ratios = rounds.map(({ product, floor }) => median(floor) / median(product));
    return [
      {
        id: 'status.finished',
        what: `Status of a finished import of ${count} videos, 95th percentile`,
        unit: 'ms',
        better: 'lower',
        value: median(slow),
        rounds: slow,
        budget: BUDGET_MS,
        absolute: { median: { value: median(rounds.flatMap(({ product }) => product)), unit: 'ms' } },
      },
      {
        id: 'status.to-database',
        what: 'Status of a finished import, relative to PostgreSQL by itself for the same rows',
        unit: '×',
        better: 'higher',
        value: median(ratios),
        rounds: ratios,
        absolute: {
          'PostgreSQL by itself': { value: median(rounds.flatMap(({ floor }) => floor)), unit: 'ms' },
        },
      },
    ];
  },
};

/** Milliseconds per read. */
interface Reads {
  product: number[];
  floor: number[];
}

async function readAlternately(times: number, id: string, api: ApiClient, database: Client): Promise<Reads> {
  const reads: Reads = { product: [], floor: [] };
  for (let read = 0; read < times; read++) {
    const begin = performance.now();
    const { body } = await api.status(id);
    const middle = performance.now();
    if (body['finished'] !== true) throw new Error('A finished import is not finished');
    await database.query(
      'SELECT external_id, title, state, result FROM import_items WHERE import_id = $1 ORDER BY position',
      [id],
    );
    reads.product.push(middle - begin);
    reads.floor.push(performance.now() - middle);
  }
  return reads;
}
