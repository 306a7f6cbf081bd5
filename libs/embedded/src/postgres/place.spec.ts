import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { postgresAccount } from './account.js';
import { makePlace, recordedPlace, removePlace, sweepThrowaways } from './place.js';

it('sweeps only throwaway databases whose data folder is gone', () => {
  const [gone, kept] = [0, 1].map(() => realpathSync(mkdtempSync(join(tmpdir(), 'place-'))));
  const abandoned = makePlace(gone, postgresAccount(), false);
  const inUse = makePlace(kept, postgresAccount(), false);
  rmSync(gone, { recursive: true });
  sweepThrowaways();
  expect(existsSync(abandoned.directory)).toBe(false);
  expect(existsSync(inUse.directory)).toBe(true);
  removePlace(kept, inUse);
  expect(existsSync(inUse.directory)).toBe(false);
  expect(recordedPlace(kept)).toBeUndefined();
  rmSync(kept, { recursive: true });
});
