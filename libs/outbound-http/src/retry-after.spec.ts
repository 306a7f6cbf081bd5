import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

describe('retryAfterMs', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

  it.each([
    [undefined, null],
    ['0', 0],
    ['120', 120_000],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    ['-5', null],
    ['soon', null],
    ['1e3', null],
  ])('parses %s as %s', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
