import { expect, it } from 'vitest';
import { newMediaId } from './media-id.js';

it('generates unique ids of 12 letters and digits, using every character', () => {
  const ids = Array.from({ length: 2_000 }, newMediaId);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{12}$/);
  expect(new Set(ids).size).toBe(2_000);
  expect(new Set(ids.join('')).size).toBe(62);
});
