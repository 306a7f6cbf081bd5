import { expect, it } from 'vitest';
import { newMediaId } from './media-id.js';

it('makes ids of 12 letters and digits that do not repeat, with every character in use', () => {
  const ids = Array.from({ length: 2_000 }, newMediaId);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{12}$/);
  expect(new Set(ids).size).toBe(2_000);
  expect(new Set(ids.join('')).size).toBe(62);
});
