import type { Row } from '../support/figure.js';
import { rounded } from '../support/rounded.js';
import { capacityFor, measuresOf, type Assumptions, type Capacity } from './capacity.js';
import { markdownTable } from './markdown.js';

const ARCHIVES: ReadonlyArray<[name: string, videos: number]> = [
  ['1 million videos', 1e6],
  ['100 million videos', 1e8],
];

const ASSUMPTIONS: Assumptions = {
  days: 30,
  videoBytes: 60e6,
  utilisation: 0.5,
  // The default DATABASE_POOL and the connection that listens.
  connections: 11,
  apis: 2,
};

/** A million rows were measured; the value for a hundred million is extrapolated. */
const MEASURED = 'measured; 100 million: estimate';
type Source = typeof MEASURED | 'three per video' | 'estimate' | 'assumption';

/** The lines of the table, with the basis of each number. */
const LINES: ReadonlyArray<[what: string, source: Source, shown: (capacity: Capacity) => string]> = [
  ['videos per day', 'assumption', ({ videosPerDay }) => count(videosPerDay)],
  ['bytes per day', 'assumption', ({ bytesPerDay }) => bytes(bytesPerDay)],
  ['stored bytes', 'assumption', ({ storedBytes }) => bytes(storedBytes)],
  ['database rows', 'three per video', ({ rows }) => count(rows)],
  ['database size, including indexes', MEASURED, ({ databaseBytes }) => bytes(databaseBytes)],
  ['pending items at the start', MEASURED, ({ pendingBytes }) => bytes(pendingBytes)],
  ['Redis memory', MEASURED, ({ redisBytes }) => bytes(redisBytes)],
  ['workers', 'estimate', ({ workers }) => count(workers)],
  ['PostgreSQL connections', 'estimate', ({ connections }) => count(connections)],
  ['duration with one worker', 'estimate', ({ daysOfOneWorker }) => `${rounded(daysOfOneWorker)} days`],
];

/** The needs of archives of both sizes; empty if a measurement is missing. */
export function capacityTable(rows: readonly Row[]): string {
  const measures = measuresOf(rows);
  if (measures === undefined) return '';
  const capacities = ARCHIVES.map(([, videos]) => capacityFor(videos, measures, ASSUMPTIONS));
  const table = markdownTable(
    ['quantity', ...ARCHIVES.map(([name]) => name), 'basis'],
    LINES.map(([what, source, shown]) => [what, ...capacities.map(shown), source]),
    ['left', 'right', 'right', 'left'],
  );
  return `${assumed(ASSUMPTIONS)}\n\n${table}`;
}

function assumed({ days, videoBytes, utilisation, apis }: Assumptions): string {
  return [
    `Assumptions: the import takes ${days} days; videos have ${bytes(videoBytes)} on average;`,
    `${utilisation * 100} % of the measured throughput is available, because machines are shared and origins are slower`,
    `than loopback; ${apis} API processes.`,
  ].join(' ');
}

const PREFIXES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

function bytes(value: number): string {
  const power = Math.min(PREFIXES.length - 1, Math.floor(Math.log10(value) / 3));
  return `${rounded(value / 1_000 ** power)} ${PREFIXES[power]}`;
}

/** With a space between thousands, as in 33 000. */
function count(value: number): string {
  return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
}
