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
  // DATABASE_POOL, as it is where nobody sets it, and the connection that listens.
  connections: 11,
  apis: 2,
};

/** A million rows were measured; what is told of a hundred million is that, a hundred times. */
const MEASURED = 'measured; 100 million: estimate';
type Source = typeof MEASURED | 'three a video' | 'estimate' | 'assumption';

/** What is told of each archive, and where the number comes from. */
const LINES: ReadonlyArray<[what: string, source: Source, shown: (capacity: Capacity) => string]> = [
  ['videos a day', 'assumption', ({ videosPerDay }) => count(videosPerDay)],
  ['bytes a day', 'assumption', ({ bytesPerDay }) => bytes(bytesPerDay)],
  ['bytes stored in the end', 'assumption', ({ storedBytes }) => bytes(storedBytes)],
  ['rows in the database', 'three a video', ({ rows }) => count(rows)],
  ['database, indexes included', MEASURED, ({ databaseBytes }) => bytes(databaseBytes)],
  ['of it, at the beginning, items that wait', MEASURED, ({ pendingBytes }) => bytes(pendingBytes)],
  ['Redis', MEASURED, ({ redisBytes }) => bytes(redisBytes)],
  ['workers', 'estimate', ({ workers }) => count(workers)],
  ['connections to PostgreSQL', 'estimate', ({ connections }) => count(connections)],
  ['the same with one worker', 'estimate', ({ daysOfOneWorker }) => `${rounded(daysOfOneWorker)} days`],
];

/** What archives of both sizes need; nothing where something that it follows from was not measured. */
export function capacityTable(rows: readonly Row[]): string {
  const measures = measuresOf(rows);
  if (measures === undefined) return '';
  const capacities = ARCHIVES.map(([, videos]) => capacityFor(videos, measures, ASSUMPTIONS));
  const table = markdownTable(
    ['what', ...ARCHIVES.map(([name]) => name), 'from'],
    LINES.map(([what, source, shown]) => [what, ...capacities.map(shown), source]),
    ['left', 'right', 'right', 'left'],
  );
  return `${assumed(ASSUMPTIONS)}\n\n${table}`;
}

function assumed({ days, videoBytes, utilisation, apis }: Assumptions): string {
  return [
    `Assumed: the archive is to be there after ${days} days; a video has ${bytes(videoBytes)} on average;`,
    `${utilisation * 100} % of what was measured is counted on, because machines are shared and origins are slower`,
    `than loopback; ${apis} processes serve the API.`,
  ].join(' ');
}

const PREFIXES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

function bytes(value: number): string {
  const power = Math.min(PREFIXES.length - 1, Math.floor(Math.log10(value) / 3));
  return `${rounded(value / 1_000 ** power)} ${PREFIXES[power]}`;
}

/** Thousands apart, as in 33 000. */
function count(value: number): string {
  return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
}
