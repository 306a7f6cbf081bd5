import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Ends this process within about a second of the one that started it, however that ended. A process that waits for its
 * next file sees the channel close at once; this is for one that is stuck.
 *
 * @returns resolves when the watch has begun, so that a watch that cannot begin is a failed start and not a bad file
 */
export async function endWithParent(): Promise<void> {
  // The neighbour is TypeScript where this is.
  const watch = new Worker(new URL(`./parent-watch${extname(import.meta.url)}`, import.meta.url), {
    workerData: process.ppid,
    // V8 would reserve hundreds of MiB for the code of this thread as well, which the limit of the process counts.
    resourceLimits: { maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 16 },
  });
  await once(watch, 'message');
  watch.unref();
}
