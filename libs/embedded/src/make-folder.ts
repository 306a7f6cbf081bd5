import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from './error-code.js';

/**
 * Makes a folder with those above it. `mkdir` of Node.js with `recursive` never returns where a file system answers
 * ENOENT although the parent is there, as /proc does.
 *
 * @throws the error of the system that names the folder
 */
export function makeFolder(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (hasCode(error, 'EEXIST') && statSync(folder).isDirectory()) return;
    const parent = dirname(folder);
    if (!hasCode(error, 'ENOENT') || parent === folder || isFolder(parent)) throw error;
    makeFolder(parent, mode);
    mkdirSync(folder, { mode });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
