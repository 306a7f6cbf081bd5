import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds per clock tick of /proc (sysconf(3)). */
const TICK_MS = 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The part of proc_pid_stat(5) that is used here. */
interface Stat {
  name: string;
  parent: number;
  /** Processor time in user and kernel mode, in milliseconds. */
  own: number;
  /** The same for children that have exited and were waited for. */
  ended: number;
}

/** Processor time of a process with all its threads, in milliseconds. */
export function processTime(pid: number): number {
  return readStat(`/proc/${pid}/stat`)?.own ?? 0;
}

/** Processor time of a thread; the main thread has the id of its process. */
export function threadTime(pid: number, thread: number): number {
  return readStat(`/proc/${pid}/task/${thread}/stat`)?.own ?? 0;
}

export function threadsOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map(Number);
}

/** Processor time of a service: all descendants of a process with a matching name, including their exited children. */
export function serviceTime(ancestor: number, name: RegExp): number {
  const all = new Map<number, Stat>();
  for (const entry of readdirSync('/proc').filter((file) => /^\d+$/.test(file))) {
    const stat = readStat(`/proc/${entry}/stat`);
    if (stat !== undefined) all.set(Number(entry), stat);
  }
  const isBelow = (pid: number): boolean => {
    const parent = all.get(pid)?.parent;
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  return [...all]
    .filter(([pid, stat]) => name.test(stat.name) && isBelow(pid))
    .reduce((sum, [, { own, ended }]) => sum + own + ended, 0);
}

/** Undefined if the process has exited. */
function readStat(file: string): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // exited after the listing
  }
  return parseStat(text, TICK_MS);
}

/** @param text content of a `stat` file below /proc; its second field may contain spaces and brackets */
export function parseStat(text: string, tickMs: number): Stat {
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const ticks = (field: number): number => Number(fields[field]) * tickMs;
  return {
    name: text.slice(text.indexOf('(') + 1, end),
    parent: Number(fields[1]),
    own: ticks(11) + ticks(12),
    ended: ticks(13) + ticks(14),
  };
}
