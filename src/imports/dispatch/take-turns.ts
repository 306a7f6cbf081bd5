import { InFlight } from './in-flight.js';
import type { Lane, Portion, InFlightCount } from '../item/lane.js';
import { LeastFirst } from './least-first.js';

export interface Turns {
  /** Items that may wait in Bull, with those that do already. */
  window: number;
  lanes: readonly Lane[];
  inFlightCounts: readonly InFlightCount[];
  /** Items that a host may have in flight at once. */
  hostLimit: (host: string) => number;
}

/**
 * Shares free places out, one at a time: to the project with the fewest items in flight, within it to the import with
 * the fewest, within that to the host with the fewest. Whoever comes later is served as well as whoever was here first,
 * and a host that has its share is passed over without holding up the others.
 *
 * While another project has less in flight and waits, for its hosts perhaps, one has no more of the window than its equal
 * share: what is queued beyond it takes each place of a worker the moment it is free, and the other finds none.
 *
 * Each level is a heap, so that a place costs the logarithm of the lanes. Counts only grow in a round, so that whoever
 * can take no more is dropped for good.
 *
 * @returns the lanes that get something; how much of it they have is not known here
 */
export function takeTurns({ window, lanes, inFlightCounts, hostLimit }: Turns): Portion[] {
  const inFlight = new InFlight(inFlightCounts);
  const projects = byProject(lanes, inFlight);
  const share = Math.ceil(window / projects.size);
  const inTurn = new LeastFirst([...projects.keys()], (id) => inFlight.ofProject(id));
  const portions = new Map<Lane, Portion>();
  /** The fewest items in flight of a dropped project; those that are left have no fewer than the first of them. */
  let leastOfDropped = Infinity;
  while (inFlight.queued < window) {
    const projectId = inTurn.first();
    if (projectId === undefined) break;
    const count = inFlight.ofProject(projectId);
    const hasItsShare = inFlight.queuedOfProject(projectId) >= share && leastOfDropped < count;
    const lane = hasItsShare ? undefined : nextLane(projects.get(projectId), inFlight, hostLimit);
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

interface WaitingImport {
  id: string;
  lanes: LeastFirst<Lane>;
}

/** The lane whose turn it is within a project. */
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

/** Each project's imports, in the order of acceptance, and their lanes. */
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
      lanes: new LeastFirst(own, ({ host }) => inFlight.ofHost(host)),
    }));
  return new Map(
    [...projects].map(([id, imports]) => [
      id,
      new LeastFirst(waiting(imports), (one) => inFlight.ofImport(one.id)),
    ]),
  );
}

function byAcceptance(a: Lane, b: Lane): number {
  return Number(a.sequence - b.sequence);
}
