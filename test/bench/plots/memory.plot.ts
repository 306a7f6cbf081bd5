import { lineY, ruleY } from '@observablehq/plot';
import type { Row } from '../support/figure.js';
import { rounded } from '../support/rounded.js';
import type { Drawing } from './drawing.js';
import { COLOURS } from './theme.js';

/** Rows with memory samples, and the names of their drawings. */
const WATCHED: ReadonlyArray<[id: string, name: string, title: string]> = [
  ['memory.worker', 'memory', 'Memory of a worker during 8 concurrent large videos'],
  ['endurance.growth', 'endurance', 'Memory of a worker during small videos'],
];

export function memoryDrawings(rows: readonly Row[]): Drawing[] {
  return WATCHED.flatMap(([id, name, title]): Drawing[] => {
    const samples = rows.find((row) => row.id === id)?.samples;
    if (samples === undefined || samples.length === 0) return [];
    const values = samples.map(([, megabytes]) => megabytes);
    const [first, last] = [values[0] ?? NaN, values.at(-1) ?? NaN];
    return [
      {
        name,
        title,
        description: `${rounded(first)} MB at the start, ${rounded(last)} MB at the end, ${rounded(Math.max(...values))} MB at the peak.`,
        panels: [
          {
            marginLeft: 56,
            marginTop: 36,
            marginBottom: 48,
            x: { label: 'seconds' },
            y: { label: 'MB of resident memory', zero: true, grid: true, nice: true },
            marks: [ruleY([0]), lineY(samples, { stroke: COLOURS.purple })],
          },
        ],
      },
    ];
  });
}
