import { statfs } from 'node:fs/promises';
import { fromFileSystem } from './local.errors.js';

/**
 * How many bytes this process may still write to the file system of a folder. What is reserved for root is not
 * counted, so the number is what `df` calls available.
 *
 * @throws StorageError `NOT_FOUND` when the folder does not exist
 */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    throw fromFileSystem(error);
  }
}
