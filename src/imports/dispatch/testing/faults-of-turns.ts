import type { Lane, Portion } from '../../item/lane.js';
import type { Turns } from '../take-turns.js';

/**
 * Checks the guarantees of a round, independently of its algorithm. In-flight counts only grow in a round, so a lane
 * that can take more at the end could do so all the time, and no other may have been preferred to it.
 *
 * @returns a description of each violation
 */
export function faultsOf(
  { window, lanes, inFlightCounts, hostLimit }: Turns,
  portions: readonly Portion[],
): string[] {
  const faults: string[] = [];
  const demand = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what);
  };
  const count = (
    has: (place: Pick<Lane, 'projectId' | 'importId' | 'host'>) => boolean,
  ): { before: number; taken: number; after: number } => {
    const before = sum(inFlightCounts.filter(has).map((place) => place.count));
    const taken = sum(portions.filter(({ lane }) => has(lane)).map(({ turns }) => turns.length));
    return { before, taken, after: before + taken };
  };
  const ofProject = (id: number) => count(({ projectId }) => projectId === id);
  const ofImport = (id: string) => count(({ importId }) => importId === id);
  const ofHost = (name: string) => count(({ host }) => host === name);
  const queuedBefore = sum(inFlightCounts.map(({ queued }) => queued));
  const queuedOf = (id: number): number =>
    sum(inFlightCounts.filter(({ projectId }) => projectId === id).map(({ queued }) => queued)) +
    ofProject(id).taken;

  const projects = unique(lanes.map(({ projectId }) => projectId));
  const share = Math.ceil(window / projects.length);
  const canTakeMore = (lane: Lane): boolean => ofHost(lane.host).after < hostLimit(lane.host);
  const isOutdone = (id: number): boolean =>
    projects.some((other) => ofProject(other).after < ofProject(id).after);
  const total = count(() => true).taken;

  // Limits.
  demand(queuedBefore + total <= Math.max(window, queuedBefore), 'more than the window');
  for (const host of unique(lanes.map((lane) => lane.host))) {
    const { before, after } = ofHost(host);
    demand(after <= Math.max(before, hostLimit(host)), `more than the limit of ${host}`);
  }
  for (const { lane } of portions) demand(lanes.includes(lane), 'a lane that was not offered');

  // Numbers: each project continues from its in-flight count.
  for (const id of projects) {
    const { before, taken } = ofProject(id);
    const numbers = portions.filter(({ lane }) => lane.projectId === id).flatMap(({ turns }) => turns);
    const expected = Array.from({ length: taken }, (_, n) => before + n + 1);
    demand(String(numbers.toSorted((a, b) => a - b)) === String(expected), `numbers of project ${id}`);
  }

  // No slot stays free that a lane could use.
  const open = lanes.filter(canTakeMore);
  const mayGoOn = (id: number): boolean => queuedOf(id) < share || !isOutdone(id);
  if (queuedBefore + total < window) {
    for (const lane of open) demand(!mayGoOn(lane.projectId), `a free slot that ${lane.importId} could use`);
  }

  // Between projects.
  for (const { id, taken, after } of projects.map((project) => ({ id: project, ...ofProject(project) }))) {
    if (taken === 0) continue;
    for (const other of unique(open.map(({ projectId }) => projectId))) {
      if (other !== id && mayGoOn(other)) {
        demand(after <= ofProject(other).after + 1, `project ${id} preferred to ${other}`);
      }
    }
    if (queuedOf(id) > share) {
      const isLeast = projects.every((other) => ofProject(other).after >= after - 1);
      demand(isLeast, `project ${id} beyond its share of the window`);
    }
  }

  // Between the imports of a project, and between the hosts of an import.
  for (const lane of open) {
    for (const { lane: served, turns } of portions) {
      if (served.projectId !== lane.projectId) continue;
      if (served.importId !== lane.importId) {
        demand(
          served.priority >= lane.priority,
          `import ${served.importId} preferred to ${lane.importId} of a higher priority`,
        );
        if (served.priority > lane.priority) continue;
        const isFair = ofImport(served.importId).after <= ofImport(lane.importId).after + 1;
        demand(isFair, `import ${served.importId} preferred to ${lane.importId}`);
      } else if (served !== lane) {
        // Other imports may have used the same host later.
        const atItsLast = ofHost(served.host).before + turns.length;
        demand(atItsLast <= ofHost(lane.host).after + 1, `host ${served.host} preferred to ${lane.host}`);
      }
    }
  }
  return faults;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
