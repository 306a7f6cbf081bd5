import type { Row } from './figure.js';
import type { Kept } from './kept.js';

/** Part of a ratio that may be lost: less is the noise of shared machines. */
const TOLERANCE = 0.25;

/** What is worse than it was by more than noise. */
export type Loss = { id: string; kept: number; now: number } | { id: string; now: 'not measured any more' };

/** What has been lost by the rows of one figure. Milliseconds and megabytes are the machine's, and are not compared. */
export function lossesOf(kept: Kept, figure: string, rows: readonly Row[]): Loss[] {
  const now = new Map(rows.map((row) => [row.id, row]));
  const isOfFigure = (id: string): boolean => id.startsWith(`${figure}.`);
  const ids = [...Object.keys(kept.ratios), ...kept.measured].filter(isOfFigure);
  return ids.flatMap((id): Loss[] => {
    const row = now.get(id);
    if (row === undefined) return [{ id, now: 'not measured any more' }];
    const before = kept.ratios[id];
    return before !== undefined && isLoss(row, before) ? [{ id, kept: before, now: row.value }] : [];
  });
}

/** In one line. */
export function lossLine(loss: Loss): string {
  if (!('kept' in loss)) return `${loss.id} is ${loss.now}`;
  return `${loss.id} was ${loss.kept.toFixed(2)} and is ${loss.now.toFixed(2)}`;
}

function isLoss({ better, value }: Row, kept: number): boolean {
  return better === 'higher' ? value < kept * (1 - TOLERANCE) : value > kept / (1 - TOLERANCE);
}
