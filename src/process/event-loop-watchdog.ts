import { Worker } from 'node:worker_threads';
import { threadEntry } from '#libs/threads';

/** What the thread is told at its start. */
export interface EventLoopWatch {
  /** Counts the beats of the event loop: an Int32Array of one element in shared memory. */
  beats: Int32Array;
  tickMs: number;
  /** Ticks without a beat after which the process is killed. */
  ticks: number;
}

const TICK_MS = 1_000;

/**
 * Kills this process where its event loop has not turned for `limitMs`. A blocked event loop can do nothing for itself,
 * so that a thread watches it. It counts its own ticks instead of time: a process that was suspended is not stalled.
 *
 * @param limitMs milliseconds; 0 watches nothing
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
