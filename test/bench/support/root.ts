import { join } from 'node:path';

/** Folder of package.json, relative to `dist/test/bench/support`. */
export const ROOT = join(import.meta.dirname, '../../../..');

/** Path of a compiled script of the benchmark. */
export function script(path: string): string {
  return join(import.meta.dirname, '..', path);
}
