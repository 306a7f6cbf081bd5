import { expect, it } from 'vitest';
import { isoOfLocalTime, localTimeOf } from './local-time.js';

it('writes a time as the field wants it, and reads it back', () => {
  const at = new Date(2026, 10, 28, 9, 5, 42);
  expect(localTimeOf(at.getTime())).toBe('2026-11-28T09:05');
  expect(isoOfLocalTime('2026-11-28T09:05')).toBe(new Date(2026, 10, 28, 9, 5).toISOString());
});

it('has no time for an empty field', () => {
  expect(isoOfLocalTime('')).toBeUndefined();
  expect(isoOfLocalTime('2026-13-45')).toBeUndefined();
});
