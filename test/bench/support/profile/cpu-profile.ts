import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What V8 writes with `--cpu-prof`.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
 */
export interface CpuProfile {
  nodes: ProfileNode[];
  /** Microseconds on the monotonic clock, which `process.hrtime()` is on, too. */
  startTime: number;
  /** Nodes that were on top of the stack, one after the other … */
  samples: number[];
  /** … and the microseconds since the one before. */
  timeDeltas: number[];
}

export interface ProfileNode {
  id: number;
  callFrame: CallFrame;
  children?: number[];
}

export interface CallFrame {
  functionName: string;
  /** File or module; empty for what V8 does itself. */
  url: string;
}

/** A span of time on the monotonic clock, in microseconds. */
export interface Span {
  begin: number;
  end: number;
}

/** The time of now on the clock of profiles. */
export function profileClock(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** The latest profile of a process's first thread; threads that are not ended in order leave none. */
export function readProfile(folder: string): CpuProfile {
  // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile
  const file = readdirSync(folder)
    .filter((name) => /^CPU\.\d+\.\d+\.\d+\.0\.\d+\.cpuprofile$/.test(name))
    .toSorted()
    .at(-1);
  if (file === undefined) throw new Error(`There is no profile in ${folder}`);
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/**
 * Time that groups of functions took of a span. A function that is in no group counts as that of the nearest caller
 * that is in one, so that what Node does for a library is that library's.
 *
 * @param groupOf undefined: in no group
 * @returns microseconds by group; what nobody of a group has called is `rest`, and time in which nothing was done is
 *   not there
 */
export function timeByGroup(
  { nodes, startTime, samples, timeDeltas }: CpuProfile,
  { begin, end }: Span,
  groupOf: (frame: CallFrame) => string | undefined,
): Map<string, number> {
  const groups = groupByNode(nodes, groupOf);
  const times = new Map<string, number>();
  let clock = startTime;
  samples.forEach((sample, place) => {
    const delta = timeDeltas[place] ?? 0;
    clock += delta;
    const group = groups.get(sample);
    if (group === undefined || clock < begin || clock > end) return;
    times.set(group, (times.get(group) ?? 0) + delta);
  });
  return times;
}

/** The group of each node; nodes of idle time have none. */
function groupByNode(
  nodes: readonly ProfileNode[],
  groupOf: (frame: CallFrame) => string | undefined,
): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groups = new Map<number, string>();
  const visit = (node: ProfileNode, ofCaller: string): void => {
    const group = groupOf(node.callFrame) ?? ofCaller;
    if (node.callFrame.functionName !== '(idle)') groups.set(node.id, group);
    for (const child of node.children ?? []) {
      const callee = byId.get(child);
      if (callee !== undefined) visit(callee, group);
    }
  };
  const [root] = nodes;
  if (root !== undefined) visit(root, 'rest');
  return groups;
}
