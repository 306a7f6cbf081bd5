import type { Figure, Row } from '../../support/figure.js';
import { runImport } from '../../support/import-run.js';
import { writeLibrary } from '../../support/library.js';
import { point } from './point.js';

const BYTES = 28_000;
const QUICK = [1_000, 10_000];
const WHOLE = [1_000, 10_000, 100_000, 1_000_000, 5_000_000];

export const growthByLibrary: Figure = {
  name: 'growth-library',
  question: 'How does the cost of a video grow with the size of the library?',
  when: 'whole',
  measure: async (bench) => {
    const installation = await bench.install({ workers: 1 });
    const api = await installation.client('bench');
    const count = bench.amount(200, 2_000);
    const round = async () => {
      const urls = bench.origin.urls({ name: bench.name(), count, bytes: BYTES });
      const { seconds, accepted } = await runImport(api, urls);
      return { rate: count / seconds, accepted: accepted * 1_000 };
    };
    await round();
    const rows: Row[] = [];
    let written = 0;
    for (const size of bench.quick ? QUICK : WHOLE) {
      await writeLibrary(installation.database, written, size - written);
      written = size;
      const what = `${size} videos in the library`;
      rows.push(...point('growth-library', size, { what, batch: count }, await bench.repeat(round, round)));
    }
    return rows;
  },
};
