import { describe, expect, it } from 'vitest';
import { bytes, duration, durations, flag, integer, integers, list } from './parsers.js';

describe('parsers for environment variables', () => {
  it.each([
    ['42', 42],
    ['-1', -1],
    ['4.2', '4.2'],
    ['', ''],
    ['0x10', '0x10'],
  ])('parse the integer %j as %j', (text, value) => expect(integer(text)).toBe(value));

  it.each([
    ['512', 512],
    ['1 KiB', 1_024],
    ['64MiB', 67_108_864],
    ['10 GiB', 10_737_418_240],
    ['10 GB', '10 GB'],
    ['-1', '-1'],
  ])('parse the size %j as %j', (text, value) => expect(bytes(text)).toBe(value));

  it.each([
    ['250', 250],
    ['30s', 30_000],
    ['15 m', 900_000],
    ['2h', 7_200_000],
    ['90d', 7_776_000_000],
    ['soon', 'soon'],
  ])('parse the duration %j as %j', (text, value) => expect(duration(text)).toBe(value));

  it('split lists at commas', () => {
    expect(list(' a, b ,,c ')).toEqual(['a', 'b', 'c']);
    expect(integers('80, 443,x')).toEqual([80, 443, 'x']);
    expect(durations('0s,5s,5m')).toEqual([0, 5_000, 300_000]);
  });

  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
    ['yes', 'yes'],
  ])('parse the flag %j as %j', (text, value) => expect(flag(text)).toBe(value));
});
