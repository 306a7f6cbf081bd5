import type { Bench } from './bench-run.js';

/** A number with its unit, such as `{ value: 812, unit: '/s' }`. */
export interface Quantity {
  value: number;
  unit: string;
}

/** A line of the table. */
export interface Row {
  /** Stable across runs; the guard compares by it. */
  id: string;
  what: string;
  /** `×` marks a ratio, which is comparable across machines. */
  unit: '×' | 'ms' | 'MB' | 'B' | '%' | 'videos/s';
  better: 'higher' | 'lower';
  /** Median of the rounds. */
  value: number;
  rounds: number[];
  /** Minimum (or maximum) of `value`. Rows without a budget are only informative. */
  budget?: number;
  /** Absolute values behind `value`. */
  absolute: Record<string, Quantity>;
  /** Position in a plot: a number of videos, rows or workers. */
  x?: number;
  /** Samples for a plot: seconds since the beginning, and megabytes. */
  samples?: Array<[seconds: number, value: number]>;
}

/** A question that the benchmark answers. */
export interface Figure {
  /** Name on the command line. */
  name: string;
  question: string;
  /** Without names on the command line, it runs `always`, only in the `whole` form, or not at all (`named`). */
  when: 'always' | 'whole' | 'named';
  measure(bench: Bench): Promise<Row[]>;
}

/** Whether a row meets its budget; undefined without a budget. */
export function keepsBudget({ value, budget, better }: Row): boolean | undefined {
  if (budget === undefined) return undefined;
  return better === 'higher' ? value >= budget : value <= budget;
}
