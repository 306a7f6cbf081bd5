import { describe, expect, it } from 'vitest';
import { parseStat } from './processor-time.js';

const REST = Array.from({ length: 30 }, () => '0').join(' ');

describe('parseStat', () => {
  it('reads the processor time of a process and of its finished children', () => {
    const text = `7 (redis-server) S 3 7 7 0 -1 4194304 100 0 0 0 250 50 20 10 20 0 5 0 ${REST}`;
    expect(parseStat(text, 10)).toEqual({ name: 'redis-server', parent: 3, own: 3_000, ended: 300 });
  });

  it('parses names with spaces and brackets', () => {
    const text = `7 (a) S 9 (b) S 3 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 5 0 ${REST}`;
    expect(parseStat(text, 10)).toMatchObject({ name: 'a) S 9 (b', parent: 3, own: 30 });
  });
});
