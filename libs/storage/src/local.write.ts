import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Folders } from './local.folders.js';
import { flush } from './local.sync.js';

/**
 * Writes a small file under a new name, straight to it: nobody knows the key before this is over, and what a crash leaves
 * behind has a key, so that the search for orphans finds it. Only what waits for the disk goes to the thread pool: to hand
 * a call over costs more than to take so few bytes into the kernel's memory. Still it belongs into a thread, since making
 * a name can wait for the journal of the file system.
 *
 * @throws EEXIST where the name is taken; the file of that name is left alone
 * @returns once the file is there; with `durable` folders, once it would survive a power cut
 */
export async function writeSmallFile(target: string, bytes: Uint8Array, folders: Folders): Promise<void> {
  const file = openSync(target, 'wx');
  try {
    writeAll(file, bytes);
    if (folders.durable) await Promise.all([flush(file), folders.sync(dirname(target))]);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** A disk that is nearly full may take a part and refuse the rest only when asked again. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength;) done += writeSync(file, bytes, done);
}
