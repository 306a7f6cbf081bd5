import type { Lane } from '../item/lane.js';

/**
 * Selects lanes round-robin over projects, and within a project round-robin over its imports, those of a higher priority
 * first. A project with few lanes keeps all of them.
 *
 * @param lanes within an import, in order of preference
 */
export function fairestLanes<T extends Lane>(lanes: readonly T[], room: number): T[] {
  if (lanes.length <= room) return [...lanes];
  const withinImports = ranked(lanes, ({ importId }) => importId);
  const urgentFirst = withinImports.toSorted((a, b) => b.priority - a.priority);
  return ranked(urgentFirst, ({ projectId }) => projectId).slice(0, room);
}

/** Orders lanes by their index within their group. */
function ranked<T>(lanes: readonly T[], groupOf: (lane: T) => string | number): T[] {
  const counts = new Map<string | number, number>();
  const ranks = lanes.map((lane) => {
    const rank = counts.get(groupOf(lane)) ?? 0;
    counts.set(groupOf(lane), rank + 1);
    return { lane, rank };
  });
  return ranks.toSorted((a, b) => a.rank - b.rank).map(({ lane }) => lane);
}
