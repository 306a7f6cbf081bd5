import { closeSync, fsync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemCode } from './local.errors.js';

/** fsync(2), in the thread pool. */
export const flush = promisify(fsync);

/** Waits until the content of a file is on the disk, not only in the page cache (fsync(2)). */
export async function syncFile(file: string): Promise<void> {
  // Windows refuses to flush a file that was opened read-only.
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until the entries of a folder are on the disk; syncing a file does not cover its entry in the folder. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      await flush(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // Some systems (Windows, a few network file systems) cannot sync a folder and do not need to.
    if (!['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'].includes(systemCode(error) ?? '')) throw error;
  }
}
