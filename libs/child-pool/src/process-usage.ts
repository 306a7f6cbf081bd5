import { readFileSync } from 'node:fs';

/** USER_HZ, the unit of proc_pid_stat(5): the same on every architecture that Node supports. */
const TICK_MS = 10;

/** Resource usage of a process. */
export interface ProcessUsage {
  /** Processor time of all threads, in milliseconds. */
  processorMs: number;
  /** Resident memory. */
  bytes: number;
}

/** @returns null if the system has no `/proc`, or no such process */
export function processUsage(pid: number): ProcessUsage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    // The second field is the name, which may contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
    return {
      processorMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
      bytes: Number(kilobytes) * 1_024,
    };
  } catch {
    return null;
  }
}
