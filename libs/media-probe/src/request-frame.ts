/** Bytes of a file in memory that are sent with the request; the process requests more as needed. */
export const FIRST_WINDOW_BYTES = 64 * 1024;
/** Kind, payload length and file size. */
export const HEADER_BYTES = 16;

const PATH = 0;
const BYTES = 1;

/** A request to a probing process: the path of a file, or its first bytes. */
export type RequestFrame = { path: string } | { size: number; head: Uint8Array };

/** Returns a header and the payload that follows it. */
export function encodeRequest(source: string | Uint8Array): [header: Uint8Array, payload: Uint8Array] {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  const isPath = typeof source === 'string';
  const payload = isPath ? Buffer.from(source) : source.subarray(0, FIRST_WINDOW_BYTES);
  header.writeUInt32LE(isPath ? PATH : BYTES, 0);
  header.writeUInt32LE(payload.byteLength, 4);
  header.writeDoubleLE(isPath ? 0 : source.byteLength, 8);
  return [header, payload];
}

/** Returns the length in bytes of the payload that follows a header. */
export function payloadLength(header: Buffer): number {
  return header.readUInt32LE(4);
}

export function decodeRequest(header: Buffer, payload: Buffer): RequestFrame {
  return header.readUInt32LE(0) === PATH
    ? { path: payload.toString() }
    : { size: header.readDoubleLE(8), head: payload };
}
