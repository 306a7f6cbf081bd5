/** What JSON calls an object. */
export type PlainObject = Record<string, unknown>;

/** Whether a parsed value is an object: neither null nor an array. */
export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
