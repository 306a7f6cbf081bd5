import type { Lane, Portion, UnderWay } from './lane.js';

export interface Turns {
  /** Items that may wait in Bull, with those that do already. */
  window: number;
  lanes: readonly Lane[];
  underWay: readonly UnderWay[];
  /** Items that a host may have under way at once. */
  hostLimit: (host: string) => number;
}

/**
 * Shares free places out, one at a time: to the project with the fewest items under way, within it to the import with
 * the fewest, within that to the host with the fewest. Whoever comes later is served as well as whoever was here first,
 * and a host that has its share is passed over without holding up the others.
 *
 * While another project has less under way and waits, for its hosts perhaps, one has no more of the window than its equal
 * share: what is queued beyond it takes each place of a worker the moment it is free, and the other finds none.
 *
 * @returns the lanes that get something; how much of it they have is not known here
 */
export function takeTurns({ window, lanes, underWay, hostLimit }: Turns): Portion[] {
  const busy = new Busy(underWay);
  const waiting = byProject(lanes);
  const inTurn = waiting.map(({ id }) => id);
  const share = Math.ceil(window / inTurn.length);
  const hasItsShare = (id: number): boolean =>
    busy.queuedOfProject(id) >= share && inTurn.some((other) => busy.ofProject(other) < busy.ofProject(id));
  const portions = new Map<Lane, Portion>();
  while (busy.queued < window) {
    const lane = nextLane(waiting, busy, { hasItsShare, hostLimit });
    if (lane === undefined) break;
    busy.add({ ...lane, count: 1, queued: 1 });
    const portion = portions.get(lane) ?? { lane, turns: [] };
    portion.turns.push(busy.ofProject(lane.projectId));
    portions.set(lane, portion);
  }
  return [...portions.values()];
}

interface WaitingImport {
  id: string;
  sequence: bigint;
  lanes: Lane[];
}

interface WaitingProject {
  id: number;
  imports: WaitingImport[];
}

/** Projects, imports and hosts are weighed in this order; lanes that can give nothing more are dropped on the way. */
function nextLane(
  projects: WaitingProject[],
  busy: Busy,
  { hasItsShare, hostLimit }: { hasItsShare: (projectId: number) => boolean; hostLimit: Turns['hostLimit'] },
): Lane | undefined {
  for (;;) {
    const project = least(projects, ({ id }) => busy.ofProject(id), first);
    if (project === undefined) return undefined;
    if (hasItsShare(project.id)) {
      drop(projects, project);
      continue;
    }
    const next = least(project.imports, ({ id }) => busy.ofImport(id), byAcceptance);
    if (next === undefined) {
      drop(projects, project);
      continue;
    }
    next.lanes = next.lanes.filter(({ host }) => busy.ofHost(host) < hostLimit(host));
    const lane = least(next.lanes, ({ host }) => busy.ofHost(host), first);
    if (lane !== undefined) return lane;
    drop(project.imports, next);
  }
}

function byProject(lanes: readonly Lane[]): WaitingProject[] {
  const projects = new Map<number, Map<string, WaitingImport>>();
  for (const lane of lanes) {
    const imports = projects.get(lane.projectId) ?? new Map<string, WaitingImport>();
    projects.set(lane.projectId, imports);
    const waiting = imports.get(lane.importId) ?? { id: lane.importId, sequence: lane.sequence, lanes: [] };
    imports.set(lane.importId, waiting);
    waiting.lanes.push(lane);
  }
  return [...projects].map(([id, imports]) => ({ id, imports: [...imports.values()] }));
}

/** Counts of what is under way, with what this round adds. */
class Busy {
  queued = 0;
  private readonly projects = new Map<number, number>();
  private readonly queuedOfProjects = new Map<number, number>();
  private readonly imports = new Map<string, number>();
  private readonly hosts = new Map<string, number>();

  constructor(underWay: readonly UnderWay[]) {
    for (const place of underWay) this.add(place);
  }

  add({ projectId, importId, host, count, queued }: UnderWay): void {
    this.queued += queued;
    this.queuedOfProjects.set(projectId, this.queuedOfProject(projectId) + queued);
    this.projects.set(projectId, this.ofProject(projectId) + count);
    this.imports.set(importId, this.ofImport(importId) + count);
    this.hosts.set(host, this.ofHost(host) + count);
  }

  ofProject(id: number): number {
    return this.projects.get(id) ?? 0;
  }

  queuedOfProject(id: number): number {
    return this.queuedOfProjects.get(id) ?? 0;
  }

  ofImport(id: string): number {
    return this.imports.get(id) ?? 0;
  }

  ofHost(host: string): number {
    return this.hosts.get(host) ?? 0;
  }
}

function least<T>(
  candidates: readonly T[],
  weight: (candidate: T) => number,
  before: (a: T, b: T) => boolean,
): T | undefined {
  let best: T | undefined;
  let bestWeight = Infinity;
  for (const candidate of candidates) {
    const own = weight(candidate);
    if (best === undefined || own < bestWeight || (own === bestWeight && before(candidate, best))) {
      best = candidate;
      bestWeight = own;
    }
  }
  return best;
}

/** Among equals the first one stays. */
const first = (): boolean => false;

const byAcceptance = (a: WaitingImport, b: WaitingImport): boolean => a.sequence < b.sequence;

function drop<T>(from: T[], one: T): void {
  from.splice(from.indexOf(one), 1);
}
