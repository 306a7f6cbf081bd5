import type { Row } from './figure.js';
import { median } from './statistics.js';

/** Merges the rows of several runs of a figure: the rounds of a row become the values of its runs. */
export function rowsOfRuns(runs: readonly (readonly Row[])[]): Row[] {
  const [first = []] = runs;
  return first.map((row) => {
    const values = runs.flatMap((rows) => rows.filter(({ id }) => id === row.id)).map(({ value }) => value);
    return { ...row, value: median(values), rounds: values };
  });
}
