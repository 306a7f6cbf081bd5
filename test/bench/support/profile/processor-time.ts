import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of a clock tick in /proc, whose number a second sysconf(3) tells. */
const TICK_MS = 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** proc_pid_stat(5), as far as it is needed. */
interface Stat {
  name: string;
  parent: number;
  /** Milliseconds of processor time, in user and in kernel mode. */
  own: number;
  /** The same of children that have ended and were waited for. */
  ended: number;
}

/** Processor time of one process with all its threads, in milliseconds. */
export function processTime(pid: number): number {
  return readStat(`/proc/${pid}/stat`)?.own ?? 0;
}

/** Processor time of one thread; the thread whose number is that of its process is the first one. */
export function threadTime(pid: number, thread: number): number {
  return readStat(`/proc/${pid}/task/${thread}/stat`)?.own ?? 0;
}

export function threadsOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map(Number);
}

/**
 * Processor time of a service: of all descendants of a process that have a name and of what those have started, which
 * may have ended meanwhile.
 */
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

/** Undefined where it has ended. */
function readStat(file: string): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // ended between the list and the look
  }
  return parseStat(text, TICK_MS);
}

/** @param text of a file named `stat` below /proc, whose second field may hold anything, blanks and brackets included */
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
