import { InFlight } from './in-flight.js';
import type { Lane, Portion, InFlightCount } from '../item/lane.js';
import { LeastFirst } from './least-first.js';

export interface Turns {
  /** Maximum items queued in Bull, including those already queued. */
  window: number;
  lanes: readonly Lane[];
  inFlightCounts: readonly InFlightCount[];
  /** Maximum in-flight items of a host. */
  hostLimit: (host: string) => number;
}

/**
 * Assigns free slots one at a time: to the project with the fewest in-flight items; within it to the imports of the
 * highest priority that can take one, among them to the one with the fewest; within that to the host with the fewest. Arrival order gives no advantage, and a host at its limit is skipped
 * without delaying the others.
 *
 * While another project has fewer in-flight items and waits, for its hosts for example, a project gets no more than its
 * equal share of the window: items queued beyond it would take every worker slot as soon as it is free.
 *
 * Each level is a heap, so that a slot costs O(log lanes). Counts only grow in a round, so that a project, import or
 * host that can take no more is dropped for the rest of the round.
 *
 * @returns portions of lanes; a lane may turn out to have fewer items
 */
export function takeTurns({ window, lanes, inFlightCounts, hostLimit }: Turns): Portion[] {
  const inFlight = new InFlight(inFlightCounts);
  const projects = byProject(lanes, inFlight);
  const share = Math.ceil(window / projects.size);
  const inTurn = new LeastFirst([...projects.keys()], (id) => inFlight.ofProject(id));
  const portions = new Map<Lane, Portion>();
  /** Fewest in-flight items of a dropped project; the remaining ones have no fewer than the heap's first. */
  let leastOfDropped = Infinity;
  while (inFlight.queued < window) {
    const projectId = inTurn.first();
    if (projectId === undefined) break;
    const count = inFlight.ofProject(projectId);
    const hasEqualShare = inFlight.queuedOfProject(projectId) >= share && leastOfDropped < count;
    const lane = hasEqualShare ? undefined : nextLane(projects.get(projectId), inFlight, hostLimit);
    if (lane === undefined) {
      leastOfDropped = Math.min(leastOfDropped, count);
      inTurn.dropFirst();
      continue;
    }
    inFlight.add({ ...lane, count: 1, queued: 1 });
    const portion = portions.get(lane) ?? { lane, turns: [] };
    portion.turns.push(count + 1);
    portions.set(lane, portion);
  }
  return [...portions.values()];
}

/** More than any number of in-flight items. */
const PER_PRIORITY = 1e9;

interface WaitingImport {
  id: string;
  priority: number;
  lanes: LeastFirst<Lane>;
}

/** Selects the next lane within a project. */
function nextLane(
  imports: LeastFirst<WaitingImport> | undefined,
  inFlight: InFlight,
  hostLimit: Turns['hostLimit'],
): Lane | undefined {
  for (let next = imports?.first(); next !== undefined; next = imports?.first()) {
    for (let lane = next.lanes.first(); lane !== undefined; lane = next.lanes.first()) {
      if (inFlight.ofHost(lane.host) < hostLimit(lane.host)) return lane;
      next.lanes.dropFirst();
    }
    imports?.dropFirst();
  }
  return undefined;
}

/** Groups lanes by project and import, in acceptance order. */
function byProject(lanes: readonly Lane[], inFlight: InFlight): Map<number, LeastFirst<WaitingImport>> {
  const projects = new Map<number, Map<string, Lane[]>>();
  for (const lane of lanes.toSorted(byAcceptance)) {
    const imports = projects.get(lane.projectId) ?? new Map<string, Lane[]>();
    projects.set(lane.projectId, imports);
    const own = imports.get(lane.importId) ?? [];
    imports.set(lane.importId, own);
    own.push(lane);
  }
  const waiting = (imports: ReadonlyMap<string, Lane[]>): WaitingImport[] =>
    [...imports].map(([id, own]) => ({
      id,
      priority: own[0]?.priority ?? 0,
      lanes: new LeastFirst(own, ({ host }) => inFlight.ofHost(host)),
    }));
  return new Map(
    [...projects].map(([id, imports]) => [
      id,
      new LeastFirst(waiting(imports), (one) => inFlight.ofImport(one.id) - one.priority * PER_PRIORITY),
    ]),
  );
}

function byAcceptance(a: Lane, b: Lane): number {
  return Number(a.sequence - b.sequence);
}
