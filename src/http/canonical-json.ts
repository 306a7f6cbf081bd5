import { exactTextOf } from './free-form-text.js';
import { exactNumber, losesValue } from './json-number.js';
import { replaceNumbers } from './json-scan.js';
import { isPlainObject, type PlainObject } from './plain-object.js';

/**
 * The same text for the same JSON value, in whatever order the members of its objects are and however its numbers are
 * spelled. Where the text of an object was kept, numbers count with all their digits.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isPlainObject(inner) ? sorted(exactObject(inner)) : inner,
  );
}

/** {@link canonicalJson} as it was once: each number is the double next to it. */
export function roundedCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlainObject(inner) ? sorted(inner) : inner));
}

function sorted(object: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

/** The object with a text in place of each number that is no double; U+0000, which no client can send, tells it. */
function exactObject(object: PlainObject): PlainObject {
  const text = exactTextOf(object);
  if (text === undefined) return object;
  const exact: PlainObject = JSON.parse(
    replaceNumbers(text, (token) => (losesValue(token) ? JSON.stringify(`\0${exactNumber(token)}`) : token)),
  );
  return exact;
}
