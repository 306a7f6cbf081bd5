import type { Lane } from '../item/lane.js';

/**
 * As many lanes as there is room for: the first of each project, then the second of each, and so on, where the lanes of a
 * project are the first of each of its imports, then the second of each. Whoever has few keeps them all.
 *
 * @param lanes those of an import in the order in which they are to be kept
 */
export function fairestLanes<T extends Lane>(lanes: readonly T[], room: number): T[] {
  if (lanes.length <= room) return [...lanes];
  const withinImports = ranked(lanes, ({ importId }) => importId);
  return ranked(withinImports, ({ projectId }) => projectId).slice(0, room);
}

/** Orders lanes by how many come before each in its own group. */
function ranked<T>(lanes: readonly T[], groupOf: (lane: T) => string | number): T[] {
  const counts = new Map<string | number, number>();
  const ranks = lanes.map((lane) => {
    const rank = counts.get(groupOf(lane)) ?? 0;
    counts.set(groupOf(lane), rank + 1);
    return { lane, rank };
  });
  return ranks.toSorted((a, b) => a.rank - b.rank).map(({ lane }) => lane);
}
