import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './local.errors.js';
import type { StoredObject } from './storage.js';
import { isKey } from './storage.key.js';

/**
 * Walks the folders below a root, one entry at a time. The prefix only filters results and never becomes part of a
 * path, so it needs no check.
 */
export async function* listFiles(root: string, prefix: string, folder = ''): AsyncGenerator<StoredObject> {
  for await (const entry of entriesOf(join(root, folder))) {
    const key = folder + entry.name;
    if (entry.isDirectory()) {
      const below = `${key}/`;
      if (below.startsWith(prefix) || prefix.startsWith(below)) yield* listFiles(root, prefix, below);
    } else if (entry.isFile() && isKey(key) && key.startsWith(prefix)) {
      const stats = await unlessGone(lstat(join(root, key)));
      if (stats) yield { key, size: stats.size, modifiedAt: stats.mtime };
    }
  }
}

async function* entriesOf(folder: string) {
  const opened = await unlessGone(opendir(folder));
  if (opened) yield* opened;
}

/** Returns null for entries removed during the walk, and for a root that does not exist yet. */
async function unlessGone<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
