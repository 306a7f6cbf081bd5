import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Ends this process within about a second after its parent, however the parent ended. An idle process sees the channel
 * close at once; the watch is for a process that is busy with a file.
 *
 * @returns resolves when the watch runs, so that a failing watch counts as a failed start, not as a bad file
 */
export async function endWithParent(): Promise<void> {
  // The neighbouring module is TypeScript when this one is.
  const watch = new Worker(new URL(`./parent-watch${extname(import.meta.url)}`, import.meta.url), {
    workerData: process.ppid,
    // V8 would reserve hundreds of MiB for the code of this thread, which count towards the memory limit of the
    // process.
    resourceLimits: { maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 16 },
  });
  await once(watch, 'message');
  watch.unref();
}
