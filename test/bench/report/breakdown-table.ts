import { segmentsOf } from '../plots/breakdown.plot.js';
import type { Row } from '../support/figure.js';
import { rounded } from '../support/rounded.js';
import { markdownTable } from './markdown.js';

/** The components of one video with their shares; empty without measurements. */
export function breakdownTable(rows: readonly Row[]): string {
  const segments = segmentsOf(rows);
  const whole = segments.at(-1)?.to;
  if (whole === undefined) return '';
  const line = (what: string, ms: number): string[] => [what, `${rounded(ms)} ms`, percent(ms / whole)];
  return markdownTable(
    ['component', 'CPU time', 'share'],
    [...segments.map(({ label, from, to }) => line(label, to - from)), line('**one video**', whole)],
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
