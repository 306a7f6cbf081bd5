import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Where a program of the PATH is, absolute; undefined where it is not there. */
export function pathOf(file: string): string | undefined {
  const { stdout } = spawnSync('/bin/sh', ['-c', 'command -v "$0"', file], { encoding: 'utf8' });
  const path = stdout.trim();
  return path === '' ? undefined : resolve(path);
}
