import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runMutants } from './mutants/run-mutants.js';

/** The full run is `npm run test:mutants`. */
const SLICE_MS = 20_000;

it('Mutated files terminate no process but the one that reads them, and do not grow the memory of the service', async () => {
  const seed = randomInt(2 ** 31);
  console.log(`Mutated files: seed ${seed}`);
  const run = await runMutants(join(import.meta.dirname, '../fixtures'), {
    seed,
    count: Number.MAX_SAFE_INTEGER,
    withinMs: SLICE_MS,
  });
  console.log(`Mutated files: ${run.files} read: ${JSON.stringify(run.answers)}`);
  expect(run.violations).toEqual([]);
  expect(run.files).toBeGreaterThan(0);
  expect(run.memoryPeak - run.memoryBefore).toBeLessThan(50);
}, 180_000);
