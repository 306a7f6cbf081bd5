import type { Bench } from './bench-run.js';

/** A number with what it counts: `{ value: 812, unit: '/s' }`. */
export interface Quantity {
  value: number;
  unit: string;
}

/** One line of the table. */
export interface Row {
  /** The same in every run: what a guard compares by. */
  id: string;
  what: string;
  /** `×` for a ratio, which says something on any machine. */
  unit: '×' | 'ms' | 'MB' | 'B' | '%' | 'videos/s';
  better: 'higher' | 'lower';
  /** Median of the rounds. */
  value: number;
  rounds: number[];
  /** Least (or most) that `value` may be; none: told, not judged. */
  budget?: number;
  /** What the value is made of. */
  absolute: Record<string, Quantity>;
  /** Where the row lies in a plot, if it is a point of one: a number of videos, rows or workers. */
  x?: number;
  /** What was seen meanwhile, for a plot: seconds from the beginning, and megabytes. */
  samples?: Array<[seconds: number, value: number]>;
}

/** A question that the benchmark answers. */
export interface Figure {
  /** As it is called on the command line. */
  name: string;
  question: string;
  /** Where nobody asks for it by name, it is measured `always`, in the `whole` form alone, or not at all (`named`). */
  when: 'always' | 'whole' | 'named';
  measure(bench: Bench): Promise<Row[]>;
}

/** Whether a row keeps its budget; undefined where it has none. */
export function keepsBudget({ value, budget, better }: Row): boolean | undefined {
  if (budget === undefined) return undefined;
  return better === 'higher' ? value >= budget : value <= budget;
}
