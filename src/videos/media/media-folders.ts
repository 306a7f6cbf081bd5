import { join, resolve } from 'node:path';
import type { Environment } from '../../config/environment.js';

/** Where stored videos lie, where STORAGE is `local`. */
export function mediaFolder({ DATA_DIR }: Environment): string {
  return join(resolve(DATA_DIR), 'media');
}

/** Where downloads under way lie: on the file system of local storage, so that storing is a rename. */
export function incomingFolder({ DATA_DIR }: Environment): string {
  return join(resolve(DATA_DIR), 'incoming');
}
