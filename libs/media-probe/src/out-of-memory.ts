/**
 * Whether an error of V8 means that the system refused memory.
 *
 * An impossible array length is an error of the file instead: `Invalid typed array length`.
 */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|could not allocate/i.test(error.message);
}
