/** A JSON object. */
export type PlainObject = Record<string, unknown>;

/** Whether a parsed value is an object, not null and not an array. */
export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
