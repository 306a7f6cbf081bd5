import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workshop } from './attempts.js';
import { anyScripts, honestScripts, RARE, type Script } from './behaviour.js';

/** `npm run test:downloads -- 10000` asks for so many cases; otherwise they are as many as fit into the time. */
const asked = Number(process.env['DOWNLOAD_CASES'] ?? NaN);
const LIMIT = Number.isNaN(asked)
  ? { numRuns: 1_000, interruptAfterTimeLimit: 12_000 }
  : { numRuns: Math.ceil(asked / 2) };
/** `npm run test:downloads -- 10000 SEED` runs the cases of a seed that was printed. */
const SEED = process.env['DOWNLOAD_SEED'];
const TIMEOUT_MS = 3_600_000;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Runs cases, prints how many and their seed, and fails with the smallest counterexample. */
async function hold(what: string, scripts: fc.Arbitrary<Script>, check: (script: Script) => Promise<string>) {
  const endings = new Map<string, number>();
  const property = fc.asyncProperty(scripts, async (script) => {
    const ending = await check(script);
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
  });
  const run = await fc.check(property, { examples: [[RARE]], ...LIMIT, ...(SEED && { seed: Number(SEED) }) });
  // At once: the other property may take its time.
  if (run.counterexample)
    process.stdout.write(`${String(run.errorInstance)}\n${JSON.stringify(run.counterexample)}\n`);
  const counts = [...endings]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([ending, count]) => `${ending} ${count}`);
  process.stdout.write(`${what}: ${run.numRuns} cases, seed ${run.seed}: ${counts.join(', ')}\n`);
  if (run.failed && !(run.interrupted && run.counterexample === null))
    throw new Error(fc.defaultReportMessage(run));
  return run.numRuns;
}

it(
  'whatever an origin says, what is stored is one version of the file',
  async () => {
    const cases = await hold('Any origin', anyScripts, async (script) => {
      const result = await workshop.run(script);
      if ('failed' in result) {
        // What lies may fail for good; what only breaks has two good attempts in the end.
        if (result.retryable) throw new Error(`Two good attempts ended with ${result.failed}`);
        return result.failed;
      }
      expect(result.versions.map(hash)).toContain(hash(result.stored));
      return 'stored';
    });
    expect(cases).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

it(
  'an honest origin succeeds in the end, however often it breaks and changes',
  async () => {
    const cases = await hold('Honest origin', honestScripts, async (script) => {
      const result = await workshop.run(script);
      if ('failed' in result) throw new Error(`The item failed with ${result.failed}`);
      expect(result.versions.map(hash)).toContain(hash(result.stored));
      return 'stored';
    });
    expect(cases).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
