import { assert, bigInt, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactNumber, hasFewDigits, losesValue, nearestDouble, survivesParsing } from './json-number.js';

describe('survivesParsing', () => {
  it.each([
    '0',
    '-1',
    '9007199254740992',
    '0.1',
    '1.5',
    '1e+21',
    '1e-7',
    '1.7976931348623157e+308',
    '5e-324',
  ])('returns true for %s', (token) => {
    expect(survivesParsing(token)).toBe(true);
    expect(JSON.stringify(JSON.parse(token))).toBe(token);
  });

  it.each([
    '9007199254740993',
    '1.0',
    '1.10',
    '1E5',
    '1e21',
    '-0',
    '1e400',
    '1e-400',
    '0.1000000000000000055',
  ])('returns false for %s', (token) => {
    expect(survivesParsing(token)).toBe(false);
    expect(JSON.stringify(JSON.parse(token))).not.toBe(token);
  });
});

describe('losesValue', () => {
  it.each(['1', '1.0', '1.10', '-0', '-0.0', '1E5', '12e-1', '0.1', '100000000000000000000000', '0e999'])(
    'returns false for %s',
    (token) => {
      expect(losesValue(token)).toBe(false);
    },
  );

  it.each([
    '9007199254740993',
    '0.1234567890123456789',
    '1e400',
    '-1e400',
    '1e-400',
    '1.00000000000000000001',
  ])('returns true for %s', (token) => {
    expect(losesValue(token)).toBe(true);
  });
});

describe('exactNumber', () => {
  it.each([
    ['0', '0'],
    ['-0.00', '0'],
    ['0e5', '0'],
    ['1', '1e0'],
    ['1.0', '1e0'],
    ['1.10', '11e-1'],
    ['0.11E+1', '11e-1'],
    ['100', '1e2'],
    ['1E2', '1e2'],
    ['-0.0010', '-1e-3'],
    ['12345678901234567890', '1234567890123456789e1'],
    ['1e400', '1e400'],
  ])('returns for %s: %s', (token, exact) => {
    expect(exactNumber(token)).toBe(exact);
  });

  it('returns the same text for equal values, however the point is moved', () => {
    assert(
      property(
        bigInt(),
        integer({ min: 0, max: 40 }),
        integer({ min: -50, max: 50 }),
        (value, places, exponent) => {
          const moved = `${value}${'0'.repeat(places)}e${exponent - places}`;
          expect(exactNumber(moved)).toBe(exactNumber(`${value}e${exponent}`));
        },
      ),
    );
  });

  it('distinguishes all integers', () => {
    assert(
      property(bigInt(), bigInt({ min: 1n, max: 1000n }), (value, difference) => {
        expect(exactNumber(String(value + difference))).not.toBe(exactNumber(String(value)));
      }),
    );
  });

  it('handles many zeros quickly', () => {
    expect(exactNumber(`1${'0'.repeat(1_000_000)}1`)).toHaveLength(1_000_004);
  });
});

describe('hasFewDigits', () => {
  it.each([
    '0',
    `-${'9'.repeat(1000)}`,
    `0.${'9'.repeat(1000)}`,
    `${'9'.repeat(1000)}.${'9'.repeat(1000)}`,
    '1e999',
    '1E-1000',
    `0.${'0'.repeat(900)}1e999`,
  ])('returns true for %s', (token) => {
    expect(hasFewDigits(token)).toBe(true);
  });

  it.each([
    '9'.repeat(1001),
    `0.${'9'.repeat(1001)}`,
    '1e1000',
    '-1E+1000',
    '1e-1001',
    '1.5e-1000',
    '0e999999999999999999999',
    `1e${'0'.repeat(3000)}1`,
  ])('returns false for %s', (token) => {
    expect(hasFewDigits(token)).toBe(false);
  });
});

describe('hasFewDigits for a body full of digits', () => {
  it('returns false without exhausting the stack', () => {
    expect(hasFewDigits('9'.repeat(30_000_000))).toBe(false);
  });
});

describe('nearestDouble', () => {
  it.each([
    ['12345678901234567890', 12345678901234567000],
    ['1.10', 1.1],
    ['1e400', Number.MAX_VALUE],
    ['-1e400', -Number.MAX_VALUE],
    ['1e-400', Number.MIN_VALUE],
    ['-1e-400', -Number.MIN_VALUE],
    ['0e-400', 0],
  ])('returns for %s: %d', (token, double) => {
    expect(nearestDouble(token)).toBe(double);
  });
});
