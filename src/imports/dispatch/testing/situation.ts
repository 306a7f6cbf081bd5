import { array, integer, record, type Arbitrary } from 'fast-check';
import type { Lane, InFlightCount } from '../../item/lane.js';
import type { Turns } from '../take-turns.js';

const place = record({
  projectId: integer({ min: 1, max: 3 }),
  importNumber: integer({ min: 0, max: 3 }),
  hostNumber: integer({ min: 0, max: 3 }),
});

/** In-flight items of any lane, also of imports without pending items. */
const busyPlace = record({
  place,
  queued: integer({ min: 0, max: 3 }),
  running: integer({ min: 0, max: 3 }),
});

/** Few projects, imports and hosts, so that they compete, with any combination of limits. */
export const situation: Arbitrary<Turns> = record({
  window: integer({ min: 0, max: 24 }),
  lanes: array(place, { minLength: 1, maxLength: 16 }),
  inFlightCounts: array(busyPlace, { maxLength: 8 }),
  hostLimits: array(integer({ min: 0, max: 8 }), { minLength: 4, maxLength: 4 }),
}).map(({ window, lanes, inFlightCounts, hostLimits }) => ({
  window,
  lanes: [...new Map(lanes.map(laneAt).map((lane) => [`${lane.importId} ${lane.host}`, lane])).values()],
  inFlightCounts: inFlightCounts.map(({ place: at, queued, running }): InFlightCount => {
    const { projectId, importId, host } = laneAt(at);
    return { projectId, importId, host, queued, count: queued + running };
  }),
  hostLimit: (host) => hostLimits[Number(host.slice(1))] ?? 0,
}));

function laneAt({
  projectId,
  importNumber,
  hostNumber,
}: typeof place extends Arbitrary<infer P> ? P : never): Lane {
  return {
    projectId,
    importId: `${projectId}.${importNumber}`,
    sequence: BigInt(10 * importNumber + projectId),
    // Two imports of normal priority, so that equal ones compete, too.
    priority: [0, 1, -1, 0][importNumber] ?? 0,
    host: `h${hostNumber}`,
  };
}
