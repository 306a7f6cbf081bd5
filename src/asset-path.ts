import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/**
 * Where a file of `assets/` is on this disk, seen from the sources and from `dist` alike.
 *
 * @param name relative to `assets/`
 */
export function assetPath(name: string): string {
  return resolve(`#assets/${name}`);
}
