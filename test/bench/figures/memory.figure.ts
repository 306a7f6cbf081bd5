import type { Figure } from '../support/figure.js';
import { runImport } from '../support/import-run.js';
import { memoryDuring } from '../support/resident-memory.js';
import { median } from '../support/statistics.js';

const VIDEOS = 8;
const GB = 1e9;
const BUDGET_MB = 250;

export const memory: Figure = {
  name: 'memory',
  question: 'How much memory does a worker need with 8 videos of 1 GB in flight?',
  when: 'always',
  measure: async (bench) => {
    const installation = await bench.install({
      workers: 1,
      environment: { WORKER_CONCURRENCY: String(VIDEOS) },
    });
    const [worker] = installation.workers;
    if (worker === undefined) throw new Error('The installation has no worker');
    const api = await installation.client('bench');
    const bytes = bench.amount(GB / 20, GB);
    const files = (count: number): string[] => bench.origin.urls({ name: bench.name(), count, bytes });
    await runImport(api, files(1));
    // The peak of a process never falls, so a second round would repeat that of the first.
    const { result, use } = await memoryDuring(worker.pid, () => runImport(api, files(VIDEOS)));
    return [
      {
        id: 'memory.worker',
        what: `Memory of a worker, ${VIDEOS} × ${bytes / GB} GB in flight`,
        unit: 'MB',
        better: 'lower',
        value: use.peak,
        rounds: [use.peak],
        budget: BUDGET_MB,
        samples: use.samples,
        absolute: {
          median: { value: median(use.samples.map(([, megabytes]) => megabytes)), unit: 'MB' },
          throughput: { value: (VIDEOS * bytes) / result.seconds / 1e6, unit: 'MB/s' },
        },
      },
    ];
  },
};
