import { join, resolve } from 'node:path';
import type { Environment } from '../../config/environment.js';

/** Folder of stored files if STORAGE is `local`. */
export function mediaFolder({ DATA_DIR }: Environment): string {
  return join(resolve(DATA_DIR), 'media');
}

/**
 * Folder of downloads in flight. It is on the same file system as local storage, so that storing a file is a rename.
 */
export function incomingFolder({ DATA_DIR }: Environment): string {
  return join(resolve(DATA_DIR), 'incoming');
}
