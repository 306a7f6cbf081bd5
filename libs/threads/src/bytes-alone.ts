/** The same bytes in memory of their own: a thread gets a copy of the whole memory that bytes are a part of. */
export function bytesAlone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
