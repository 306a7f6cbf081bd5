import { Worker } from 'node:worker_threads';

/** Runs beside a main thread that may be stuck in a file; plain JavaScript, as no loader comes along. */
const WATCH = `
  const parent = require('node:worker_threads').workerData;
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 1_000);
`;

/**
 * Ends this process within about a second of the one that started it, however that ended. A process that waits for its
 * next file sees the channel close at once; this is for one that is stuck.
 */
export function endWithParent(): void {
  const watch = new Worker(WATCH, {
    eval: true,
    execArgv: [],
    workerData: process.ppid,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  });
  watch.unref();
}
