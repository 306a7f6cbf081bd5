import { areaY, lineY, ruleX, ruleY, text, type PlotOptions } from '@observablehq/plot';
import { rounded } from '../support/rounded.js';
import type { Row } from '../support/figure.js';
import type { Drawing } from './drawing.js';
import { COLOURS } from './theme.js';

/** The variable on the x axis, by figure. */
const AXES: ReadonlyArray<[figure: string, grows: string]> = [
  ['growth-batch-size', 'videos in a batch'],
  ['growth-backlog', 'pending items'],
  ['growth-library', 'videos in the library'],
  ['growth-workers', 'workers'],
];

/** A point with the values of its best and its worst round. */
export interface Point {
  x: number;
  y: number;
  low: number;
  high: number;
}

/** The points of a curve: rows whose id is `growth-….rate.1000`, in order. */
export function pointsOf(rows: readonly Row[], curve: string): Point[] {
  return rows
    .filter(({ id }) => id.startsWith(`${curve}.`))
    .flatMap(({ x, value, rounds }) =>
      x === undefined ? [] : [{ x, y: value, low: Math.min(...rounds), high: Math.max(...rounds) }],
    )
    .toSorted((a, b) => a.x - b.x);
}

/** One drawing per figure: throughput of small videos, and the time to accept a batch. */
export function growthDrawings(rows: readonly Row[]): Drawing[] {
  return AXES.flatMap(([figure, grows]): Drawing[] => {
    const rates = pointsOf(rows, `${figure}.rate`);
    const times = pointsOf(rows, `${figure}.accept`);
    if (rates.length === 0 || times.length === 0) return [];
    return [
      {
        name: figure,
        title: `Throughput and time to accept a batch, by number of ${grows}`,
        description: `Small videos per second: ${inWords(rates, grows)}. Milliseconds to accept a batch: ${inWords(times, grows)}.`,
        panels: [
          panel(rates, grows, 'small videos per second', COLOURS.blue),
          panel(times, grows, 'ms to accept a batch', COLOURS.orange),
        ],
      },
    ];
  });
}

function panel(points: readonly Point[], grows: string, label: string, colour: string): PlotOptions {
  const ticks = points.map(({ x }) => x);
  return {
    marginLeft: 56,
    marginRight: 32,
    marginTop: 36,
    marginBottom: 48,
    insetLeft: 16,
    x: {
      type: 'log',
      label: grows,
      ticks,
      tickFormat: (x: number) => x.toLocaleString('en').replaceAll(',', ' '),
    },
    y: { label, zero: true, grid: true, nice: true, ticks: 5 },
    marks: [
      ruleY([0]),
      areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.15 }),
      ruleX(points, { x: 'x', y1: 'low', y2: 'high', stroke: colour }),
      lineY(points, { x: 'x', y: 'y', stroke: colour, strokeWidth: 2, marker: true }),
      text(points, { x: 'x', y: 'y', text: ({ y }: Point) => rounded(y), dy: -12, fill: 'currentColor' }),
    ],
  };
}

function inWords(points: readonly Point[], grows: string): string {
  return points.map(({ x, y }) => `${rounded(y)} with ${x} ${grows}`).join(', ');
}
