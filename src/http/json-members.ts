import { visit } from 'jsonc-parser';
import { dottedPath } from './dotted-path.js';
import type { ErrorDetails } from './error-details.js';

/** Members of all objects in a parsed value; fewer than its text has where a key stands twice in one object. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : inner.length;
  return inner.reduce<number>((sum, each) => sum + countMembers(each), own);
}

/** Ends the visit at the first key that repeats another. */
class Repeated extends Error {
  constructor(readonly path: ReadonlyArray<string | number>) {
    super('found');
  }
}

/** Says which key is there twice in one object. */
export function describeRepeatedKey(text: string): ErrorDetails {
  const path = repeatedKey(text).reduce<string>(dottedPath, '');
  return { [path === '' ? 'body' : path]: 'This must be there once, not twice in one object' };
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
