/** How much of a file in memory travels with the request; a process asks for more where it needs more. */
export const FIRST_WINDOW_BYTES = 64 * 1024;
/** Kind, payload length, file size. */
export const HEADER_BYTES = 16;

const PATH = 0;
const BYTES = 1;

/** One file as it is handed to a probing process: its path, or the beginning of its bytes. */
export type RequestFrame = { path: string } | { size: number; head: Uint8Array };

/** Fills `header` and returns the payload that follows it. */
export function encodeRequest(header: Buffer, source: string | Uint8Array): Uint8Array {
  const isPath = typeof source === 'string';
  const payload = isPath ? Buffer.from(source) : source.subarray(0, FIRST_WINDOW_BYTES);
  header.writeUInt32LE(isPath ? PATH : BYTES, 0);
  header.writeUInt32LE(payload.byteLength, 4);
  header.writeDoubleLE(isPath ? 0 : source.byteLength, 8);
  return payload;
}

/** Bytes of payload that follow a header. */
export function payloadLength(header: Buffer): number {
  return header.readUInt32LE(4);
}

export function decodeRequest(header: Buffer, payload: Buffer): RequestFrame {
  return header.readUInt32LE(0) === PATH
    ? { path: payload.toString() }
    : { size: header.readDoubleLE(8), head: payload };
}
