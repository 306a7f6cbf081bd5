import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/**
 * Resolves a file of `assets/`, from the sources and from `dist` alike.
 *
 * @param name path relative to `assets/`
 */
export function assetPath(name: string): string {
  return resolve(`#assets/${name}`);
}
