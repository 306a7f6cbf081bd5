import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Maximum memory of a process so far, in bytes. Only Linux records it; other systems return the current memory. */
export function peakMemory(pid: number): number {
  if (process.platform !== 'linux') {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1_024;
  }
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1_024;
}
