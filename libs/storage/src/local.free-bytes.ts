import { statfs } from 'node:fs/promises';
import { fromFileSystem } from './local.errors.js';

/**
 * Returns the number of bytes that this process may still write to the file system of a folder. Space reserved for root
 * is excluded, as in the available space of `df`.
 *
 * @throws StorageError `NOT_FOUND` if the folder does not exist
 */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    throw fromFileSystem(error);
  }
}
