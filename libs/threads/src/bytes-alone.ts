/**
 * Gives bytes a buffer of their own. Posting a view to a thread copies the whole underlying buffer.
 *
 * @returns `bytes` if they already fill their buffer, otherwise a copy
 */
export function bytesAlone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
