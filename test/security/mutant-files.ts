import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runMutants } from './mutants/run-mutants.js';

// npm run test:mutants -- --count 50000 --seed 1 [--first 0] [--seconds 60]
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50000' },
    first: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    seconds: { type: 'string', default: 'Infinity' },
  },
});

const MAX_GROWTH_MB = 50;

const folder = fileURLToPath(new URL('../../../test/fixtures/', import.meta.url));
console.log(`Seed ${values.seed}: ${values.count} files from number ${values.first}`);
const run = await runMutants(folder, {
  seed: Number(values.seed),
  first: Number(values.first),
  count: Number(values.count),
  withinMs: Number(values.seconds) * 1_000,
  onProgress: ({ files, answers, memoryPeak }) =>
    console.log(`${files} files, ${Math.round(memoryPeak)} MB: ${JSON.stringify(answers)}`),
});
console.log(JSON.stringify(run, null, 2));
const growth = run.memoryPeak - run.memoryBefore;
console.log(`${run.violations.length} violations; memory growth ${Math.round(growth)} MB`);
process.exitCode = run.violations.length > 0 || growth > MAX_GROWTH_MB ? 1 : 0;
