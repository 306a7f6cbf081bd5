import { barX, ruleX, text } from '@observablehq/plot';
import { rounded } from '../support/rounded.js';
import type { Row } from '../support/figure.js';
import type { Drawing } from './drawing.js';
import { COLOURS } from './theme.js';

const NAME = 'breakdown';
/** In stacking order. Processes outside the product are not part of the bar. */
const PROCESSES: Readonly<Record<string, string>> = {
  PostgreSQL: COLOURS.blue,
  Redis: COLOURS.orange,
  API: COLOURS.green,
  worker: COLOURS.purple,
};
/** Parts below this share of the total are too small to see and merged per process. */
const LEAST = 0.01;
const WHOLE = 'one video';
const ROW_HEIGHT = 22;

/** A part of the bar, in milliseconds from the start of the bar. */
export interface Segment {
  label: string;
  process: string;
  from: number;
  to: number;
}

/** The components of one video, stacked by process and in descending order. */
export function segmentsOf(rows: readonly Row[]): Segment[] {
  const parts = rows
    .filter(({ id }) => id.startsWith(`${NAME}.`))
    .map(({ what, value }) => ({ label: what, process: what.split(':')[0] ?? what, value }))
    .filter(({ process }) => process in PROCESSES);
  const least = parts.reduce((sum, { value }) => sum + value, 0) * LEAST;
  const segments: Segment[] = [];
  let from = 0;
  for (const process of Object.keys(PROCESSES)) {
    const own = parts.filter((part) => part.process === process);
    const large = own.filter(({ value }) => value >= least).toSorted((a, b) => b.value - a.value);
    const others = own.filter(({ value }) => value < least).reduce((sum, { value }) => sum + value, 0);
    for (const { label, value } of [...large, { label: `${process}: smaller parts`, value: others }]) {
      if (value > 0) segments.push({ label, process, from, to: (from += value) });
    }
  }
  return segments;
}

/** A stacked bar, and below it each part with its name. */
export function breakdownDrawing(rows: readonly Row[]): Drawing[] {
  const segments = segmentsOf(rows);
  const whole = segments.at(-1)?.to;
  if (whole === undefined) return [];
  const names = segments.map(({ label }) => label);
  const x = { x1: 'from', x2: 'to', fill: 'process' };
  return [
    {
      name: NAME,
      title: 'CPU time of one small video by component',
      description: `${rounded(whole)} ms in total. ${segments.map(inWords).join(', ')}.`,
      panels: [
        {
          height: (names.length + 1) * ROW_HEIGHT + 80,
          marginLeft: 240,
          marginRight: 60,
          marginBottom: 48,
          x: { label: 'CPU time in milliseconds', grid: true, nice: true },
          y: { label: null, domain: [WHOLE, ...names], tickSize: 0 },
          color: { domain: Object.keys(PROCESSES), range: Object.values(PROCESSES) },
          marks: [
            barX(segments, { ...x, y: () => WHOLE, stroke: 'var(--paper)', insetTop: 1, insetBottom: 1 }),
            barX(segments, { ...x, y: 'label', insetTop: 3, insetBottom: 3 }),
            text(segments, {
              x: 'to',
              y: 'label',
              text: ({ from, to }: Segment) => rounded(to - from),
              textAnchor: 'start',
              dx: 5,
              fill: 'currentColor',
            }),
            text([whole], {
              x: (ms: number) => ms,
              y: () => WHOLE,
              text: (ms: number) => rounded(ms),
              textAnchor: 'start',
              dx: 5,
              fill: 'currentColor',
              fontWeight: 'bold',
            }),
            ruleX([0]),
          ],
        },
      ],
    },
  ];
}

function inWords({ label, from, to }: Segment): string {
  return `${label} ${rounded(to - from)} ms`;
}
