import { Worker } from 'node:worker_threads';
import { threadEntry } from '#libs/threads';

/** Start parameters of the thread. */
export interface EventLoopWatch {
  /** Beat counter of the event loop: an Int32Array of one element in shared memory. */
  beats: Int32Array;
  tickMs: number;
  /** Ticks without a beat after which the process is killed. */
  ticks: number;
}

const TICK_MS = 1_000;

/**
 * Kills this process if its event loop is blocked for `limitMs`. A blocked event loop cannot act itself, so a thread
 * watches it. The thread counts its own ticks rather than time: a suspended process is not stalled.
 *
 * @param limitMs milliseconds; 0 disables the watchdog
 */
export function watchEventLoop(limitMs: number): void {
  if (limitMs === 0) return;
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { entry, execArgv } = threadEntry('./event-loop-watchdog.thread.js', import.meta.url);
  const workerData: EventLoopWatch = { beats, tickMs: TICK_MS, ticks: Math.ceil(limitMs / TICK_MS) };
  const thread = new Worker(entry, {
    execArgv,
    workerData,
    name: 'event-loop-watchdog',
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  });
  thread.unref();
  setInterval(() => Atomics.add(beats, 0, 1), TICK_MS).unref();
}
