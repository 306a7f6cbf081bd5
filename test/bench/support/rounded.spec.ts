import { describe, expect, it } from 'vitest';
import { rounded } from './rounded.js';

describe('rounded', () => {
  it.each([
    [1_234.5, '1235'],
    [99.96, '100'],
    [12.345, '12.3'],
    [0.041_23, '0.0412'],
    [-812.4, '-812'],
    [0, '0'],
  ])('%f is %s', (value, text) => {
    expect(rounded(value)).toBe(text);
  });
});
