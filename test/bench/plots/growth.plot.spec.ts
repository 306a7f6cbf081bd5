import { describe, expect, it } from 'vitest';
import type { Row } from '../support/figure.js';
import { growthDrawings, pointsOf } from './growth.plot.js';

const row = (id: string, x: number, rounds: number[]): Row => ({
  id: `${id}.${x}`,
  what: id,
  unit: 'videos/s',
  better: 'higher',
  value: rounds[0] ?? 0,
  rounds,
  absolute: {},
  x,
});

const ROWS = [
  row('growth-library.rate', 5_000_000, [700, 650, 720]),
  row('growth-library.rate', 1_000, [800, 790]),
  row('growth-library.accept', 1_000, [40]),
  row('growth-workers.rate', 1, [500]),
];

describe('pointsOf', () => {
  it('returns the points of a curve in order, with the worst and the best round', () => {
    expect(pointsOf(ROWS, 'growth-library.rate')).toEqual([
      { x: 1_000, y: 800, low: 790, high: 800 },
      { x: 5_000_000, y: 700, low: 650, high: 720 },
    ]);
  });

  it('returns nothing for a curve without measurements', () => {
    expect(pointsOf(ROWS, 'growth-backlog.rate')).toEqual([]);
  });
});

describe('growthDrawings', () => {
  it('draws figures that have both curves', () => {
    const drawings = growthDrawings(ROWS);
    expect(drawings.map(({ name }) => name)).toEqual(['growth-library']);
    expect(drawings[0]?.description).toContain('800 with 1000 videos in the library');
    expect(drawings[0]?.panels).toHaveLength(2);
  });
});
