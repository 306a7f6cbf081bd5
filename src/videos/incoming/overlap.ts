import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** A rest does not begin with the last bytes of what it should continue. */
export class OtherBytesError extends Error {
  constructor() {
    super('The rest begins with other bytes than those it should repeat');
  }
}

/**
 * The body of a rest, compared with the file where they overlap. Ranges, lengths and validators are what an origin says;
 * only its bytes show that it sends the rest of this file, even if the transfer breaks before all of them are counted.
 *
 * @param path the file that the rest continues
 * @param from place in the file, in bytes, of the first byte of the body
 * @returns the body, unchanged; iterating over it throws OtherBytesError in front of the first chunk that differs
 */
export async function asBefore(
  body: Readable,
  path: string,
  from: number,
): Promise<AsyncIterable<Uint8Array>> {
  return compared(body, await bytesFrom(path, from));
}

async function* compared(body: Readable, known: Buffer): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    const expected = known.subarray(seen, seen + chunk.byteLength);
    if (!expected.equals(chunk.subarray(0, expected.length))) throw new OtherBytesError();
    seen += expected.length;
    yield chunk;
  }
}

/** The end of a file. */
async function bytesFrom(path: string, from: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
