import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';

export interface WrittenFile {
  /** Size of the whole file in bytes. */
  size: number;
  /** Lower-case hex, of the whole file. */
  sha256: string;
  /** Bytes of the body; exceeds the length if reading stopped because the body was too long. */
  received: number;
}

export interface WriteOptions {
  /** Number of existing bytes to keep; the body is appended to them. 0 starts the file over. */
  from: number;
  /** Expected length of the body in bytes, or null if unknown. Bytes beyond it are neither read nor written. */
  length: number | null;
  /** Whether a later step waits until this file is on disk; if so, most of it is flushed before the body ends. */
  flushAhead: boolean;
}

/** Bytes per write call: each call is a trip to the thread pool. docs/performance.md has the measurements. */
const WRITE_BYTES = 512 * 1024;
/** A source may send its bytes one by one, and each chunk has memory overhead. */
const WRITE_CHUNKS = 64;
/** Bytes after which a flush starts. */
const FLUSH_BYTES = 8_000_000;

/**
 * Writes a body to a file and hashes it. If the body breaks, the bytes received before are in the file.
 *
 * @throws the error of the body or of the file system
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
      // Disk and processor work at the same time.
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

/** Returns size and hash of an existing file. */
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
 * Collects chunks of a body for one write, without copying them.
 *
 * @param maxBytes maximum bytes; reading stops at the first chunk that exceeds it
 */
async function* gather(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  counter: { received: number },
): AsyncGenerator<Uint8Array[]> {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      counter.received += chunk.byteLength;
      if (counter.received > maxBytes) break;
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes < WRITE_BYTES && chunks.length < WRITE_CHUNKS) continue;
      yield chunks;
      chunks = [];
      bytes = 0;
    }
  } catch (error) {
    // The next attempt continues after the bytes that arrived before the break.
    if (bytes > 0) yield chunks;
    throw error;
  }
  if (bytes > 0) yield chunks;
}

/**
 * Writes all chunks. A nearly full disk may accept a part and refuse the rest only at the next call.
 *
 * @returns the number of bytes written, always all of them
 */
async function writeAll(file: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<number> {
  let written = 0;
  for (let rest = chunks; rest.length > 0; rest = withoutFirst(chunks, written)) {
    const { bytesWritten } = await file.writev(rest, position + written);
    written += bytesWritten;
  }
  return written;
}

/** Drops the first bytes of a list of chunks. */
function withoutFirst(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skipped = 0;
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.max(0, bytes - skipped));
    skipped += chunk.byteLength;
    return rest.byteLength > 0 ? [rest] : [];
  });
}

/** Flushes a file step by step while it is written (fdatasync(2)), so that little is left at the end. */
class Flusher {
  private unflushed = 0;
  private flushing = Promise.resolve();

  constructor(private readonly file: FileHandle) {}

  /** @throws the error of an earlier flush */
  async wrote(bytes: number): Promise<void> {
    this.unflushed += bytes;
    if (this.unflushed < FLUSH_BYTES) return;
    this.unflushed = 0;
    // One flush at a time: a disk that cannot keep up slows the download down rather than its end.
    await this.flushing;
    this.flushing = this.file.datasync();
    // The next await reports the error; until then it must not count as unhandled.
    this.flushing.catch(() => undefined);
  }

  /** Waits for the flush in flight. */
  async end(): Promise<void> {
    await this.flushing;
  }
}
