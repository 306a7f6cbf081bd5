import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Ends this process within about a second of the one that started it, however that ended. A process that waits for its
 * next file sees the channel close at once; this is for one that is stuck.
 */
export function endWithParent(): void {
  // The neighbour is TypeScript where this is.
  const watch = new Worker(new URL(`./parent-watch${extname(import.meta.url)}`, import.meta.url), {
    workerData: process.ppid,
    resourceLimits: { maxYoungGenerationSizeMb: 1 },
  });
  watch.unref();
}
