import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';

export interface WrittenFile {
  /** Bytes of the whole file. */
  size: number;
  /** Lower-case hex, of the whole file. */
  sha256: string;
}

/**
 * Writes a body to a file and hashes it on the way.
 *
 * @param from bytes of the file that stay: the body goes behind them; 0 begins the file anew
 */
export async function writeBody(path: string, body: Readable, from: number): Promise<WrittenFile> {
  const hash = createHash('sha256');
  if (from > 0) await hashBeginning(hash, path, from);
  let size = from;
  const file = await open(path, from > 0 ? 'r+' : 'w');
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      const written = writeAll(file, chunk, size);
      // The disk and the processor work at the same time.
      hash.update(chunk);
      await written;
      size += chunk.byteLength;
    }
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

async function hashBeginning(hash: Hash, path: string, length: number): Promise<void> {
  for await (const chunk of createReadStream(path, { end: length - 1 }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
  }
}

/** A disk that is nearly full may take a part and refuse the rest only when asked again. */
async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength;) {
    const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done, position + done);
    done += bytesWritten;
  }
}
