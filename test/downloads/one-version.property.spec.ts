import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DownloadHarness, type Result } from './attempts.js';
import {
  anyScripts,
  honestScripts,
  OVERLAP_BYTES,
  singleLies,
  steadyScripts,
  type Script,
} from './behaviour.js';
import { isUnexpectedFailure, mustBeCurrent } from './expectations.js';
import { EACH_LIE, RARE_BREAKS, RARE_LIES } from './rare-scripts.js';

const PROPERTIES = 4;
/**
 * Number of cases: `npm run test:downloads -- 10000`. There is no time limit, because an interrupted case would
 * continue in the background during the next property.
 */
const CASES = Number(process.env['DOWNLOAD_CASES'] ?? 1_200);
const NUM_RUNS = Math.ceil(CASES / PROPERTIES);
/** `npm run test:downloads -- 10000 SEED` repeats the cases of a printed seed. */
const SEED = process.env['DOWNLOAD_SEED'];
const TIMEOUT_MS = 3_600_000;

let harness: DownloadHarness;
beforeAll(async () => {
  harness = await DownloadHarness.open();
});
afterAll(() => harness.close());

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every script has to store a single version. */
function assertOneVersion({ last, versions }: Result): void {
  if ('stored' in last) expect(versions.map(hash)).toContain(hash(last.stored));
}

/** Expects no unnecessary failure, and the current file of the origin in the end. */
function assertSuccess(script: Script, { last, failures, versions, current }: Result): void {
  expect(failures.filter(isUnexpectedFailure)).toEqual([]);
  if ('failed' in last) throw new Error(`The item failed with ${last.failed}`);
  const expected = last.by && mustBeCurrent(script, last.by) ? [current] : versions;
  expect(expected.map(hash)).toContain(hash(last.stored));
}

/** After an orderly end, only resumable files may remain. */
function assertTidy({ attempts }: Script, { last, leftovers }: Result): void {
  const isKilled = attempts.some(({ ending }) => ending === 'killed');
  const isOver = 'stored' in last || !last.retryable;
  if (isOver && !isKilled) expect(leftovers).toEqual([]);
}

/** Runs the cases, prints their number and seed, and fails with the smallest counterexample. */
async function checkProperty(
  what: string,
  scripts: fc.Arbitrary<Script>,
  rare: readonly Script[],
  check: (script: Script, result: Result) => void,
) {
  const endings = new Map<string, number>();
  const property = fc.asyncProperty(scripts, async (script) => {
    const result = await harness.run(script);
    assertOneVersion(result);
    assertTidy(script, result);
    check(script, result);
    const ending = 'failed' in result.last ? result.last.failed : 'stored';
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
  });
  const examples = rare.map((script): [Script] => [script]);
  const run = await fc.check(property, { examples, numRuns: NUM_RUNS, ...(SEED && { seed: Number(SEED) }) });
  // Printed at once, because the other properties may take long.
  if (run.counterexample)
    process.stdout.write(`${String(run.errorInstance)}\n${JSON.stringify(run.counterexample)}\n`);
  const counts = [...endings]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([ending, count]) => `${ending} ${count}`);
  process.stdout.write(`${what}: ${run.numRuns} cases, seed ${run.seed}: ${counts.join(', ')}\n`);
  if (run.failed) throw new Error(fc.defaultReportMessage(run));
}

it(
  'an origin that lies in one respect is asked again, and the item succeeds',
  () => checkProperty('Single lie', singleLies, EACH_LIE, assertSuccess),
  TIMEOUT_MS,
);

it(
  'an honest origin finally succeeds, despite broken connections and changing files',
  () => checkProperty('Honest origin', honestScripts, RARE_BREAKS, assertSuccess),
  TIMEOUT_MS,
);

it(
  'an origin with broken connections sends no byte twice, except for the verified overlap',
  () =>
    checkProperty('Steady origin', steadyScripts, [], (script, result) => {
      assertSuccess(script, result);
      const most = result.current.length + result.failures.length * OVERLAP_BYTES;
      expect(result.sent).toBeLessThanOrEqual(most);
    }),
  TIMEOUT_MS,
);

it(
  'any origin leads to a single stored version',
  () =>
    checkProperty('Any origin', anyScripts, RARE_LIES, (_, { last }) => {
      // Lies may cause a permanent failure; after broken connections there are two good attempts.
      expect(last).not.toMatchObject({ retryable: true });
    }),
  TIMEOUT_MS,
);
