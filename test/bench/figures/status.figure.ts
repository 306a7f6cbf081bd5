import type { Figure } from '../support/figure.js';
import { runImport } from '../support/import-run.js';
import { median, percentile } from '../support/statistics.js';

const BYTES = 28_000;
const BUDGET_MS = 200;
const READS = 40;

export const status: Figure = {
  name: 'status',
  question: 'How long does the status of a finished import of 10 000 take?',
  when: 'always',
  measure: async (bench) => {
    const count = bench.amount(500, 10_000);
    const installation = await bench.install({ workers: 1 });
    const api = await installation.client('bench');
    const { id } = await runImport(api, bench.origin.urls({ name: bench.name(), count, bytes: BYTES }));
    await installation.stopWorkers();
    const rounds = await bench.repeat(
      () => readStatus(READS),
      () => readStatus(READS / 4),
    );
    const slow = rounds.map((times) => percentile(times, 0.95));
    return [
      {
        id: 'status.finished',
        what: `Status of a finished import of ${count}, 95th percentile`,
        unit: 'ms',
        better: 'lower',
        value: median(slow),
        rounds: slow,
        budget: BUDGET_MS,
        absolute: { median: { value: median(rounds.flat()), unit: 'ms' } },
      },
    ];

    /** Milliseconds of each. */
    async function readStatus(times: number): Promise<number[]> {
      const taken: number[] = [];
      for (let read = 0; read < times; read++) {
        const begin = performance.now();
        const { body } = await api.status(id);
        taken.push(performance.now() - begin);
        if (body['finished'] !== true) throw new Error('A finished import is not finished');
      }
      return taken;
    }
  },
};
