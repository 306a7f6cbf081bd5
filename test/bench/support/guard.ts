import type { Row } from './figure.js';
import type { Kept } from './kept.js';

/** Allowed relative regression of a ratio: the noise of shared machines. */
const TOLERANCE = 0.25;

/** A ratio that is worse than the kept one by more than noise. */
export type Regression =
  { id: string; kept: number; now: number } | { id: string; now: 'no longer measured' };

/** Regressions of one figure. Milliseconds and megabytes depend on the machine and are not compared. */
export function regressionsOf(kept: Kept, figure: string, rows: readonly Row[]): Regression[] {
  const now = new Map(rows.map((row) => [row.id, row]));
  const isOfFigure = (id: string): boolean => id.startsWith(`${figure}.`);
  const ids = [...Object.keys(kept.ratios), ...kept.measured].filter(isOfFigure);
  return ids.flatMap((id): Regression[] => {
    const row = now.get(id);
    if (row === undefined) return [{ id, now: 'no longer measured' }];
    const before = kept.ratios[id];
    return before !== undefined && isRegression(row, before) ? [{ id, kept: before, now: row.value }] : [];
  });
}

/** Describes a regression in one line. */
export function regressionLine(regression: Regression): string {
  if (!('kept' in regression)) return `${regression.id}: ${regression.now}`;
  return `${regression.id}: ${regression.kept.toFixed(2)} kept, ${regression.now.toFixed(2)} now`;
}

function isRegression({ better, value }: Row, kept: number): boolean {
  return better === 'higher' ? value < kept * (1 - TOLERANCE) : value > kept / (1 - TOLERANCE);
}
