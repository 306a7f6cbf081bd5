import { exactTextOf } from './free-form-text.js';
import { exactNumber, losesValue } from './json-number.js';
import { replaceNumbers } from './json-scan.js';
import { isPlainObject, type PlainObject } from './plain-object.js';

/**
 * Returns the same text for equal JSON values, independent of member order and number spelling. If the source text of
 * an object was kept, all digits of its numbers count.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isPlainObject(inner) ? sorted(exactObject(inner)) : inner,
  );
}

/** The former version of {@link canonicalJson}: numbers are rounded to doubles. */
export function roundedCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlainObject(inner) ? sorted(inner) : inner));
}

function sorted(object: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

/** Replaces each number that is no double by a string. The prefix U+0000, which no client can send, marks it. */
function exactObject(object: PlainObject): PlainObject {
  const text = exactTextOf(object);
  if (text === undefined) return object;
  const exact: PlainObject = JSON.parse(
    replaceNumbers(text, (token) => (losesValue(token) ? JSON.stringify(`\0${exactNumber(token)}`) : token)),
  );
  return exact;
}
