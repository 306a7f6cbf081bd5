import { backlogged } from '../../support/backlogged.js';
import type { Figure, Row } from '../../support/figure.js';
import { acceptTime } from '../../support/import-run.js';
import { point, type Measured } from './point.js';

const BYTES = 28_000;
const BATCH = 100;
const QUICK = [1_000, 20_000];
const WHOLE = [1_000, 10_000, 100_000, 1_000_000];

export const growthByBacklog: Figure = {
  name: 'growth-backlog',
  question: 'How does the cost of a video grow with the number of pending items?',
  when: 'whole',
  measure: async (bench) => {
    const rows: Row[] = [];
    const seconds = bench.amount(2, 10);
    for (const size of bench.quick ? QUICK : WHOLE) {
      const { installation, api, work } = await backlogged(bench, size);
      const round = async (): Promise<Measured> => {
        const { rate } = await work(seconds);
        const urls = bench.origin.urls({ name: bench.name(), count: BATCH, bytes: BYTES });
        return { rate, accepted: (await acceptTime(api, urls)) * 1_000 };
      };
      const what = `${size} pending items`;
      const rounds = await bench.repeat(round, () => work(seconds));
      rows.push(...point('growth-backlog', size, { what, batch: BATCH }, rounds));
      await installation.remove();
    }
    return rows;
  },
};
