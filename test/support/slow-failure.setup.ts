import { afterEach, beforeEach } from 'vitest';

const SLOW_MS = 60_000;

/**
 * After a test that failed for lack of time, the others of its file fail at once: what they share usually hangs, and
 * each would take its whole limit to say so.
 */
let hanging: string | undefined;
let beganAt = 0;

beforeEach(() => {
  if (hanging !== undefined) throw new Error(`An earlier test of this file took too long: ${hanging}`);
  beganAt = performance.now();
});

afterEach(({ task }) => {
  const hasFailed = task.result?.state === 'fail';
  if (hasFailed && performance.now() - beganAt > SLOW_MS) hanging ??= task.name;
});
