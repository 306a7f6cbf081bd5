import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hasCode } from './error-code.js';

/** For programs of the system, whose answers must not depend on our environment. */
export const SYSTEM_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** One process for good: numbers are given out again, a number together with its start is not. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

/** The identity behind a number, or undefined where no such process lives. A zombie does not live. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = isKnown(pid) ? (startFromProc(pid) ?? startFromPs(pid)) : undefined;
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether this very process, and not a later one with its number, still lives. */
export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.startedAt === process.startedAt;
}

/** Whether two records mean one process. */
export function isSame(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.pid === other.pid && one.startedAt === other.startedAt;
}

function isKnown(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return hasCode(error, 'EPERM');
  }
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold blanks and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    // Ticks since boot: without the boot they would come again after the next one.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    // No /proc on this system, or the process has just gone: ps knows either way.
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const options = { encoding: 'utf8', env: SYSTEM_ENVIRONMENT } as const;
    const [state = '', ...start] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], options)
      .trim()
      .split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    // ps ends with 1 where there is no such process.
    return undefined;
  }
}
