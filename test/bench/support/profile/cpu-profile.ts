import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The output of V8 for `--cpu-prof`.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
 */
export interface CpuProfile {
  nodes: ProfileNode[];
  /** Microseconds on the monotonic clock, like `process.hrtime()`. */
  startTime: number;
  /** Ids of the nodes on top of the stack … */
  samples: number[];
  /** … and the microseconds since the previous sample. */
  timeDeltas: number[];
}

export interface ProfileNode {
  id: number;
  callFrame: CallFrame;
  children?: number[];
}

export interface CallFrame {
  functionName: string;
  /** File or module; empty for V8 itself. */
  url: string;
}

/** A span on the monotonic clock, in microseconds. */
export interface Span {
  begin: number;
  end: number;
}

/** The current time on the clock of the profiles. */
export function profileClock(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** The latest profile of the main thread of a process; terminated threads leave none. */
export function readProfile(folder: string): CpuProfile {
  // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile
  const file = readdirSync(folder)
    .filter((name) => /^CPU\.\d+\.\d+\.\d+\.0\.\d+\.cpuprofile$/.test(name))
    .toSorted()
    .at(-1);
  if (file === undefined) throw new Error(`No profile of a main thread in ${folder}`);
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/**
 * Time of function groups within a span. A function without a group belongs to the group of its nearest caller that has
 * one, so that the work of Node for a library counts as that library.
 *
 * @param groupOf returns undefined for functions without a group
 * @returns microseconds by group; `rest` has no caller with a group, and idle time is excluded
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

/** The group of each node; idle nodes have none. */
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
