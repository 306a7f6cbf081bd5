import { readFileSync } from 'node:fs';
import type { Row } from './figure.js';
import type { Results } from './results.js';

/** Part of a ratio that may be lost: less is the noise of shared machines. */
const TOLERANCE = 0.25;

/** A ratio that is worse than the kept one by more than noise. */
export interface Loss {
  id: string;
  kept: number;
  /** undefined: it is not measured any more. */
  now: number | undefined;
}

/** Ratios that were measured before, and kept in git. */
export class Guard {
  private constructor(private readonly kept: readonly Row[]) {}

  /** @throws Error where the file holds figures of another form, which cannot be compared */
  static read(file: string, form: Results['form']): Guard {
    const results: Results = JSON.parse(readFileSync(file, 'utf8'));
    if (results.form !== form) throw new Error(`${file} holds figures of the ${results.form} form`);
    return new Guard(results.rows);
  }

  /** What has been lost of the ratios of one figure, whose rows these are. Milliseconds and megabytes are the machine's. */
  losses(figure: string, rows: readonly Row[]): Loss[] {
    return this.kept
      .filter(({ id, unit }) => unit === '×' && id.startsWith(`${figure}.`))
      .map(({ id, value }) => ({ id, kept: value, now: rows.find((row) => row.id === id) }))
      .filter(({ kept, now }) => now === undefined || isLoss(now, kept))
      .map(({ id, kept, now }) => ({ id, kept, now: now?.value }));
  }
}

function isLoss({ better, value }: Row, kept: number): boolean {
  return better === 'higher' ? value < kept * (1 - TOLERANCE) : value > kept / (1 - TOLERANCE);
}
