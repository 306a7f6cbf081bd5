import { describe, expect, it } from 'vitest';
import type { Row } from '../support/figure.js';
import { capacityFor, measuresOf } from './capacity.js';

const MEASURES = { rate: 500, throughput: 200e6, rowBytes: 1_500, pendingBytes: 400, redisBytes: 3e6 };
const ASSUMPTIONS = { days: 10, videoBytes: 20e6, utilisation: 0.5, connections: 11, apis: 2 };

const row = (id: string, value: number, product?: number): Row => ({
  id,
  what: id,
  unit: 'B',
  better: 'lower',
  value,
  rounds: [value],
  absolute: product === undefined ? {} : { product: { value: product, unit: '/s' } },
});

describe('capacityFor', () => {
  it('computes the totals of an archive', () => {
    expect(capacityFor(1e6, MEASURES, ASSUMPTIONS)).toMatchObject({
      videosPerDay: 1e5,
      bytesPerDay: 2e12,
      storedBytes: 2e13,
      rows: 3e6,
      databaseBytes: 1.5e9,
      pendingBytes: 4e8,
      redisBytes: 3e6,
    });
  });

  it('adds the time per video and per byte, at the available share of the throughput', () => {
    // 1e6 × (2 ms + 100 ms) ÷ 0.5 are 204 000 s.
    const { daysOfOneWorker, workers, connections } = capacityFor(1e6, MEASURES, { ...ASSUMPTIONS, days: 1 });
    expect(daysOfOneWorker).toBeCloseTo(204_000 / 86_400);
    expect(workers).toBe(3);
    expect(connections).toBe(5 * 11);
  });

  it('needs at least one worker', () => {
    expect(capacityFor(1, MEASURES, ASSUMPTIONS).workers).toBe(1);
  });
});

describe('measuresOf', () => {
  const rows = [
    row('small.two-processes.c48', 0.4, 800),
    row('large.60mb', 0.9, 300),
    row('size.item', 600),
    row('size.video', 500),
    row('size.asset', 400),
    row('size.pending', 350),
    row('scale.redis', 4),
  ];

  it('converts measurements to base units', () => {
    expect(measuresOf(rows)).toEqual({
      rate: 800,
      throughput: 300e6,
      rowBytes: 1_500,
      pendingBytes: 350,
      redisBytes: 4e6,
    });
  });

  it('returns undefined if a measurement is missing', () => {
    for (const { id } of rows) expect(measuresOf(rows.filter((row) => row.id !== id))).toBeUndefined();
  });
});
