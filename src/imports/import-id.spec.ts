import { expect, it } from 'vitest';
import { newImportId } from './import-id.js';

it('generates unique import ids in lower-case base 36', () => {
  const ids = Array.from({ length: 1_000 }, newImportId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{8}$/);
  expect(new Set(ids).size).toBe(1_000);
});
