import { expect, it } from 'vitest';
import { newImportId } from './import-id.js';

it('makes ids of lower-case base 36 that do not repeat', () => {
  const ids = Array.from({ length: 1_000 }, newImportId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{8}$/);
  expect(new Set(ids).size).toBe(1_000);
});
