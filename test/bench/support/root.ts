import { join } from 'node:path';

/** The folder of package.json, seen from `dist/test/bench/support`. */
export const ROOT = join(import.meta.dirname, '../../../..');

/** A compiled script of the benchmark. */
export function script(path: string): string {
  return join(import.meta.dirname, '..', path);
}
