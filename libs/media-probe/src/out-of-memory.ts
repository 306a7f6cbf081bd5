/**
 * Whether an error says that the system gave no more memory, as V8 words it.
 *
 * A length that no array can have is an error of the file instead: `Invalid typed array length`.
 */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|could not allocate/i.test(error.message);
}
