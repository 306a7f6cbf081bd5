import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * Finds a program on the PATH.
 *
 * @param file name of the program
 * @returns its absolute path; undefined if it is not found
 */
export function pathOf(file: string): string | undefined {
  const { stdout } = spawnSync('/bin/sh', ['-c', 'command -v "$0"', file], { encoding: 'utf8' });
  const path = stdout.trim();
  return path === '' ? undefined : resolve(path);
}
