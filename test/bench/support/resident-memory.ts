import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SAMPLE_EVERY_MS = 100;

/** Resident memory of a process during an operation, in megabytes (10⁶). */
export interface MemoryUse {
  peak: number;
  /** Samples, with the seconds since the beginning. */
  samples: Array<[seconds: number, megabytes: number]>;
}

/** Samples the resident memory (RSS) of a process during `work`. */
export async function memoryDuring<T>(
  pid: number,
  work: () => Promise<T>,
  everyMs = SAMPLE_EVERY_MS,
): Promise<{ result: T; use: MemoryUse }> {
  const samples: MemoryUse['samples'] = [];
  const begin = performance.now();
  let sampling: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    const seconds = (performance.now() - begin) / 1_000;
    sampling = sampling.then(async () => samples.push([seconds, await residentMegabytes(pid)]));
  }, everyMs);
  try {
    const result = await work();
    await sampling;
    const peak = (await highWaterMegabytes(pid)) ?? Math.max(...samples.map(([, megabytes]) => megabytes));
    return { result, use: { peak, samples } };
  } finally {
    clearInterval(timer);
  }
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await procStatus(pid);
  if (status !== null) return field(status, 'VmRSS');
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return kilobytes(stdout);
}

/** Peak of the process, which includes peaks between two samples; null if the system does not record it. */
async function highWaterMegabytes(pid: number): Promise<number | null> {
  const status = await procStatus(pid);
  return status === null ? null : field(status, 'VmHWM');
}

/** proc_pid_status(5); null on other systems. */
async function procStatus(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? readFile(`/proc/${pid}/status`, 'utf8') : null;
}

function field(status: string, name: string): number {
  const [, value] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status) ?? [];
  if (value === undefined) throw new Error(`The process status has no ${name}`);
  return kilobytes(value);
}

function kilobytes(text: string): number {
  return (Number(text) * 1_024) / 1e6;
}
