import { visit } from 'jsonc-parser';
import { dottedPath } from './dotted-path.js';
import type { ErrorDetails } from './error-details.js';

/** Counts the members of all objects in a parsed value; fewer than in its text if a key is duplicated. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : inner.length;
  return inner.reduce<number>((sum, each) => sum + countMembers(each), own);
}

/** Stops the visit at the first duplicate key. */
class Repeated extends Error {
  constructor(readonly path: ReadonlyArray<string | number>) {
    super('found');
  }
}

/** Names the first duplicate key. */
export function describeRepeatedKey(text: string): ErrorDetails {
  const path = repeatedKey(text).reduce<string>(dottedPath, '');
  return { [path === '' ? 'body' : path]: 'Duplicate key; send it only once per object' };
}

function repeatedKey(text: string): ReadonlyArray<string | number> {
  const open: Array<Set<string>> = [];
  try {
    visit(text, {
      onObjectBegin: () => void open.push(new Set()),
      onObjectEnd: () => void open.pop(),
      onObjectProperty: (key, _offset, _length, _line, _column, pathOf) => {
        const keys = open.at(-1);
        if (keys?.has(key)) throw new Repeated([...pathOf(), key]);
        keys?.add(key);
      },
    });
  } catch (error) {
    if (error instanceof Repeated) return error.path;
    throw error;
  }
  return [];
}
