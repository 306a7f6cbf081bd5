import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Folders } from './local.folders.js';
import { flush } from './local.sync.js';

/**
 * Writes a small file directly to its new name: the key is unknown until this ends, and a file left behind by a crash
 * has a key, so the orphan sweep finds it. Only flushes use the thread pool: passing a call to the pool costs more than
 * copying so few bytes to the page cache. The calls still belong in a thread, since creating a name can wait for the
 * journal of the file system.
 *
 * @throws EEXIST if the name exists; the existing file is not changed
 * @returns when the file exists; with `durable` folders, when it would survive a power failure
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

/** A nearly full disk may accept a part and refuse the rest only on the next call. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength;) done += writeSync(file, bytes, done);
}
