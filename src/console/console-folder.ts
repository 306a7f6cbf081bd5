import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const { resolve } = createRequire(import.meta.url);

/** The built console, from the sources and from `dist` alike; undefined if it was not built. */
export function consoleFolder(): string | undefined {
  try {
    return dirname(resolve('#console/index.html'));
  } catch {
    return undefined;
  }
}
