import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workshop, type Result } from './attempts.js';
import {
  anyScripts,
  honestScripts,
  OVERLAP_BYTES,
  singleLies,
  steadyScripts,
  type Script,
} from './behaviour.js';
import { isFailureOfOurs, mustBeCurrent } from './expectations.js';
import { EACH_LIE, RARE_BREAKS, RARE_LIES } from './rare-scripts.js';

const PROPERTIES = 4;
/**
 * `npm run test:downloads -- 10000` asks for so many cases. There is no limit of time: a case that is interrupted goes on
 * in the background, beside the cases of the next property.
 */
const CASES = Number(process.env['DOWNLOAD_CASES'] ?? 1_200);
const NUM_RUNS = Math.ceil(CASES / PROPERTIES);
/** `npm run test:downloads -- 10000 SEED` runs the cases of a seed that was printed. */
const SEED = process.env['DOWNLOAD_SEED'];
const TIMEOUT_MS = 3_600_000;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Whatever else is asked of a script: what is stored is one version. */
function assertOneVersion({ last, versions }: Result): void {
  if ('stored' in last) expect(versions.map(hash)).toContain(hash(last.stored));
}

/** No attempt fails that need not, and what is stored in the end is what the origin has then. */
function assertSuccess(script: Script, { last, failures, versions, current }: Result): void {
  expect(failures.filter(isFailureOfOurs)).toEqual([]);
  if ('failed' in last) throw new Error(`The item failed with ${last.failed}`);
  const expected = last.by && mustBeCurrent(script, last.by) ? [current] : versions;
  expect(expected.map(hash)).toContain(hash(last.stored));
}

/** Whoever ends in order leaves nothing behind, except what the next attempt can use. */
function assertTidy({ attempts }: Script, { last, leftovers }: Result): void {
  const isKilled = attempts.some(({ ending }) => ending === 'killed');
  const isOver = 'stored' in last || !last.retryable;
  if (isOver && !isKilled) expect(leftovers).toEqual([]);
}

/** Runs cases, prints how many and their seed, and fails with the smallest counterexample. */
async function hold(
  what: string,
  scripts: fc.Arbitrary<Script>,
  rare: readonly Script[],
  check: (script: Script, result: Result) => void,
) {
  const endings = new Map<string, number>();
  const property = fc.asyncProperty(scripts, async (script) => {
    const result = await workshop.run(script);
    assertOneVersion(result);
    assertTidy(script, result);
    check(script, result);
    const ending = 'failed' in result.last ? result.last.failed : 'stored';
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
  });
  const examples = rare.map((script): [Script] => [script]);
  const run = await fc.check(property, { examples, numRuns: NUM_RUNS, ...(SEED && { seed: Number(SEED) }) });
  // At once: the other properties may take their time.
  if (run.counterexample)
    process.stdout.write(`${String(run.errorInstance)}\n${JSON.stringify(run.counterexample)}\n`);
  const counts = [...endings]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([ending, count]) => `${ending} ${count}`);
  process.stdout.write(`${what}: ${run.numRuns} cases, seed ${run.seed}: ${counts.join(', ')}\n`);
  if (run.failed) throw new Error(fc.defaultReportMessage(run));
}

it(
  'an origin that lies in one point is asked again, and the item succeeds',
  () => hold('Single lie', singleLies, EACH_LIE, assertSuccess),
  TIMEOUT_MS,
);

it(
  'an honest origin succeeds in the end, however often it breaks and changes',
  () => hold('Honest origin', honestScripts, RARE_BREAKS, assertSuccess),
  TIMEOUT_MS,
);

it(
  'an origin that only breaks sends no byte twice, but those that show that the rest belongs to them',
  () =>
    hold('Steady origin', steadyScripts, [], (script, result) => {
      assertSuccess(script, result);
      const most = result.current.length + result.failures.length * OVERLAP_BYTES;
      expect(result.sent).toBeLessThanOrEqual(most);
    }),
  TIMEOUT_MS,
);

it(
  'whatever an origin says, what is stored is one version of the file',
  () =>
    hold('Any origin', anyScripts, RARE_LIES, (_, { last }) => {
      // What lies may fail for good; what only breaks has two good attempts in the end.
      expect(last).not.toMatchObject({ retryable: true });
    }),
  TIMEOUT_MS,
);
