import { againstFloor } from '../support/against-floor.js';
import type { Figure } from '../support/figure.js';

const BYTES = 28_000;
/** V8 compiles during the first imports. */
const WARM_UPS = 4;

/** Shows what waits: an import that is found only by the periodic look takes seconds instead of milliseconds. */
export const single: Figure = {
  name: 'single',
  question: 'How fast are imports of one small video, one after the other, relative to the baseline?',
  when: 'always',
  measure: async (bench) => {
    const installation = await bench.install({ workers: 1 });
    const row = await againstFloor(bench, await installation.client('bench'), {
      id: 'single.two-processes',
      what: '28 KB videos, API and worker, one import for each video, one after the other',
      count: bench.amount(20, 100),
      bytes: BYTES,
      batch: 1,
      concurrency: 1,
      per: 'video',
      warmUps: WARM_UPS,
    });
    await installation.remove();
    return [row];
  },
};
