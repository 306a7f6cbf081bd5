import type { Row } from './figure.js';
import type { Kept } from './kept.js';

/** A ratio beyond its bound. */
export type Regression =
  { id: string; mean: number; bound: number; now: number } | { id: string; now: 'no longer measured' };

/** Regressions of one figure. Milliseconds and megabytes depend on the machine and are not compared. */
export function regressionsOf(kept: Kept, figure: string, rows: readonly Row[]): Regression[] {
  const now = new Map(rows.map((row) => [row.id, row]));
  const isOfFigure = (id: string): boolean => id.startsWith(`${figure}.`);
  const ids = [...Object.keys(kept.ratios), ...kept.measured].filter(isOfFigure);
  return ids.flatMap((id): Regression[] => {
    const row = now.get(id);
    if (row === undefined) return [{ id, now: 'no longer measured' }];
    const before = kept.ratios[id];
    return before !== undefined && isBeyond(row, before.bound) ? [{ id, ...before, now: row.value }] : [];
  });
}

/** Describes a regression in one line. */
export function regressionLine(regression: Regression): string {
  if (!('bound' in regression)) return `${regression.id}: ${regression.now}`;
  const { id, mean, bound, now } = regression;
  return `${id}: ${now.toFixed(2)} now, ${mean.toFixed(2)} kept with the bound ${bound.toFixed(2)}`;
}

function isBeyond({ better, value }: Row, bound: number): boolean {
  return better === 'higher' ? value < bound : value > bound;
}
