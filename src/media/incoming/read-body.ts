import { hash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';

export interface ReadBody {
  bytes: Uint8Array;
  /** Lower-case hex. */
  sha256: string;
  /** Bytes received, which may differ from the expected length. */
  received: number;
}

/**
 * Reads a body of known length into memory and hashes it.
 *
 * @param length declared length in bytes
 */
export async function readBody(body: Readable, length: number): Promise<ReadBody> {
  // A separate allocation: transferring these bytes to a thread must not transfer anything else.
  const bytes = new Uint8Array(length);
  let size = 0;
  body.on('data', (chunk: Uint8Array) => {
    if (size < length) bytes.set(chunk.subarray(0, length - size), size);
    size += chunk.byteLength;
  });
  await finished(body);
  return { bytes, sha256: hash('sha256', bytes, 'hex'), received: size };
}
