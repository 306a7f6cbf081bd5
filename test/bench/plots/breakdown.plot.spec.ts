import { describe, expect, it } from 'vitest';
import type { Row } from '../support/figure.js';
import { breakdownDrawing, segmentsOf } from './breakdown.plot.js';

const row = (what: string, value: number): Row => ({
  id: `breakdown.${what}`,
  what,
  unit: 'ms',
  better: 'lower',
  value,
  rounds: [value],
  absolute: {},
});

const ROWS = [
  row('worker: hash', 0.5),
  row('worker: storage', 1),
  row('worker: claim', 0.004),
  row('worker: find known', 0.006),
  row('PostgreSQL', 2),
  row('origin, not part of the product', 9),
  { ...row('Small', 7), id: 'small.rate' },
];

describe('segmentsOf', () => {
  it('stacks parts by process and size, and merges small ones', () => {
    expect(segmentsOf(ROWS)).toEqual([
      { label: 'PostgreSQL', process: 'PostgreSQL', from: 0, to: 2 },
      { label: 'worker: storage', process: 'worker', from: 2, to: 3 },
      { label: 'worker: hash', process: 'worker', from: 3, to: 3.5 },
      { label: 'worker: smaller parts', process: 'worker', from: 3.5, to: expect.closeTo(3.51) },
    ]);
  });

  it('omits processes outside the product', () => {
    expect(segmentsOf(ROWS).map(({ label }) => label)).not.toContain('origin, not part of the product');
  });
});

describe('breakdownDrawing', () => {
  it('describes the total and its parts in words', () => {
    expect(breakdownDrawing(ROWS)[0]?.description).toMatch(
      /^3\.51 ms in total\. PostgreSQL 2 ms, worker: storage 1 ms/,
    );
  });

  it('draws nothing without measurements', () => {
    expect(breakdownDrawing([])).toEqual([]);
  });
});
