import { pointsOf } from '../plots/growth.plot.js';
import type { Row } from '../support/figure.js';
import { rounded } from '../support/rounded.js';
import { markdownTable } from './markdown.js';

/** The points of both curves of a figure, side by side; empty without measurements. */
export function growthTable(rows: readonly Row[], figure: string, grows: string): string {
  const times = new Map(pointsOf(rows, `${figure}.accept`).map(({ x, y }) => [x, y]));
  const rates = pointsOf(rows, `${figure}.rate`);
  if (rates.length === 0) return '';
  return markdownTable(
    [grows, 'videos/s', 'time to accept a batch'],
    rates.map(({ x, y }) => [String(x), rounded(y), `${rounded(times.get(x) ?? NaN)} ms`]),
    ['right', 'right', 'right'],
  );
}
