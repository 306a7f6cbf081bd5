import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** The continuation does not start with the overlapping bytes of the held file. */
export class OtherBytesError extends Error {
  constructor() {
    super('The continuation does not repeat the overlapping bytes');
  }
}

/**
 * Compares the body of a continuation with the held file where they overlap. Ranges, lengths and validators are claims
 * of the origin. Only the bytes prove that it continues this file, even if the transfer breaks before all of them are
 * counted.
 *
 * @param path the file to be continued
 * @param from offset in the file of the first byte of the body
 * @returns the unchanged body; iterating it throws OtherBytesError before the first chunk that differs
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

/** Reads a file from an offset to its end. */
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
