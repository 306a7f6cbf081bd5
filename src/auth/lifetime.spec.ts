import { describe, expect, it } from 'vitest';
import { lifetime, overlap } from './lifetime.js';

describe('lifetime', () => {
  it.each([
    ['1s', 1_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    ['3650d', 315_360_000_000],
  ])('accepts %j', (text, ms) => {
    expect(lifetime(text)).toBe(ms);
  });

  it.each([
    '0d',
    '3651d',
    '90',
    '90ms',
    '-1d',
    '1.5h',
    'd',
    '',
    'never',
    ' 90d',
    90,
    null,
    undefined,
    ['90d'],
  ])('refuses %j', (value) => {
    expect(lifetime(value)).toBeUndefined();
  });
});

describe('overlap', () => {
  it('may be zero and is at most 30 days', () => {
    expect(overlap('0s')).toBe(0);
    expect(overlap('30d')).toBe(2_592_000_000);
    expect(overlap('31d')).toBeUndefined();
  });
});
