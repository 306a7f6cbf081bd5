import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of the nearest package: `@reelport/client`, or Reelport if this is a part of it. */
export function clientVersion(from = import.meta.dirname): string {
  const path = join(from, 'package.json');
  if (!existsSync(path)) return dirname(from) === from ? 'unknown' : clientVersion(dirname(from));
  const { version }: { version: string } = JSON.parse(readFileSync(path, 'utf8'));
  return version;
}
