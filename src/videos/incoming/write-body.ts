import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';

export interface WrittenFile {
  /** Bytes of the whole file. */
  size: number;
  /** Lower-case hex, of the whole file. */
  sha256: string;
  /** Bytes of the body; more than its length where it was given up for being too long. */
  received: number;
}

export interface WriteOptions {
  /** Bytes of the file that stay: the body goes behind them. 0 begins the file anew. */
  from: number;
  /** Bytes that the body should have; null where nobody knows. What comes beyond them is neither read nor written. */
  length: number | null;
  /** Whether somebody will wait until this file is on the disk: most of it is then there before the body has ended. */
  flushAhead: boolean;
}

/** Bytes that are written in one call: each is a trip to the thread pool. docs/performance.md has what this gains. */
const WRITE_BYTES = 512 * 1024;
/** A source may send its bytes one by one, and each piece takes memory of its own beside its bytes. */
const WRITE_CHUNKS = 64;
/** Bytes after which the disk is told to begin. */
const FLUSH_BYTES = 8_000_000;

/**
 * Writes a body to a file and hashes it on the way. Where the body breaks, what came before is in the file.
 *
 * @throws the error of the body, or of the file system
 */
export async function writeBody(
  path: string,
  body: AsyncIterable<Uint8Array>,
  { from, length, flushAhead }: WriteOptions,
): Promise<WrittenFile> {
  const hash = createHash('sha256');
  if (from > 0) await hashBeginning(hash, path, from);
  let size = from;
  const file = await open(path, from > 0 ? 'r+' : 'w');
  const flusher = new Flusher(file);
  const counter = { received: 0 };
  try {
    for await (const chunks of gather(body, length ?? Infinity, counter)) {
      const written = writeAll(file, chunks, size);
      // The disk and the processor work at the same time.
      for (const chunk of chunks) hash.update(chunk);
      const bytes = await written;
      size += bytes;
      if (flushAhead) await flusher.wrote(bytes);
    }
    await flusher.end();
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex'), received: counter.received };
}

/** Size and hash of a file that is there already. */
export async function hashFile(path: string): Promise<Pick<WrittenFile, 'size' | 'sha256'>> {
  const hash = createHash('sha256');
  const { size } = await stat(path);
  await hashBeginning(hash, path, size);
  return { size, sha256: hash.digest('hex') };
}

async function hashBeginning(hash: Hash, path: string, length: number): Promise<void> {
  for await (const chunk of createReadStream(path, { end: length - 1 }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
  }
}

/**
 * Puts the chunks of a body together for one write, without a copy of them.
 *
 * @param most bytes; the body is given up at the first chunk that exceeds them
 */
async function* gather(
  body: AsyncIterable<Uint8Array>,
  most: number,
  counter: { received: number },
): AsyncGenerator<Uint8Array[]> {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      counter.received += chunk.byteLength;
      if (counter.received > most) break;
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes < WRITE_BYTES && chunks.length < WRITE_CHUNKS) continue;
      yield chunks;
      chunks = [];
      bytes = 0;
    }
  } catch (error) {
    // The next try goes on behind what came before the break.
    if (bytes > 0) yield chunks;
    throw error;
  }
  if (bytes > 0) yield chunks;
}

/**
 * A disk that is nearly full may take a part and refuse the rest only when asked again.
 *
 * @returns bytes written, all of them
 */
async function writeAll(file: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<number> {
  let written = 0;
  for (let rest = chunks; rest.length > 0; rest = behind(chunks, written)) {
    const { bytesWritten } = await file.writev(rest, position + written);
    written += bytesWritten;
  }
  return written;
}

/** What remains of chunks without their first bytes. */
function behind(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skipped = 0;
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.max(0, bytes - skipped));
    skipped += chunk.byteLength;
    return rest.byteLength > 0 ? [rest] : [];
  });
}

/** Has a file flushed bit by bit while it is written (fdatasync(2)), so that little is left for the end. */
class Flusher {
  private unflushed = 0;
  private flushing = Promise.resolve();

  constructor(private readonly file: FileHandle) {}

  /** @throws what went wrong with an earlier flush */
  async wrote(bytes: number): Promise<void> {
    this.unflushed += bytes;
    if (this.unflushed < FLUSH_BYTES) return;
    this.unflushed = 0;
    // One at a time: a disk that cannot keep up slows the download down instead of the end of it.
    await this.flushing;
    this.flushing = this.file.datasync();
    // Whoever waits for it hears of its error; until then nobody does.
    this.flushing.catch(() => undefined);
  }

  /** Waits for the flush under way. */
  async end(): Promise<void> {
    await this.flushing;
  }
}
