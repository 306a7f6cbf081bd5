import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError, ExitCode } from '../exit-codes.js';

/** Labels of the Encoding standard, https://encoding.spec.whatwg.org. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** An input that can be read several times. */
export interface Source {
  /** As given; `-` is stdin. */
  readonly name: string;
  /** Lower-case hex; identifies the input when a run resumes. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly encoding: Encoding;
  readonly hasBom: boolean;
  /** Decoded text in chunks, without the byte order mark. */
  text(): Readable;
  /** Removes the copy of stdin. */
  remove(): Promise<void>;
}

const BOMS: ReadonlyArray<readonly [Encoding, readonly number[]]> = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * Opens an input and reads it once, for its hash and its encoding: a byte order mark decides, else UTF-8 if all bytes
 * are valid, else Windows-1252, which is what spreadsheets on Windows write.
 *
 * @param file path, or `-` for stdin, which is copied to a temporary file
 */
export async function openSource(file: string): Promise<Source> {
  const { path, remove } = file === '-' ? await copyOfStdin() : { path: file, remove: async () => undefined };
  try {
    const facts = await survey(path);
    return { name: file, ...facts, text: () => decode(path, facts.encoding), remove };
  } catch (error) {
    await remove();
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      throw new CommandError(`Cannot read ${file}: ${error.code}`, ExitCode.input);
    }
    throw error;
  }
}

async function copyOfStdin(): Promise<{ path: string; remove: () => Promise<undefined> }> {
  const folder = await mkdtemp(join(tmpdir(), 'reelport-input-'));
  const path = join(folder, 'stdin');
  await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
  return { path, remove: () => rm(folder, { recursive: true, force: true }).then(() => undefined) };
}

async function survey(path: string): Promise<Pick<Source, 'sha256' | 'size' | 'encoding' | 'hasBom'>> {
  const hash = createHash('sha256');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  let isUtf8 = true;
  let start: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (start.length < 4) start = Buffer.concat([start, chunk.subarray(0, 4)]);
    hash.update(chunk);
    size += chunk.length;
    isUtf8 &&= isValid(() => utf8.decode(chunk, { stream: true }));
  }
  isUtf8 &&= isValid(() => utf8.decode());
  const marked = BOMS.find(([, bytes]) => bytes.every((byte, index) => start[index] === byte));
  const encoding = marked?.[0] ?? (isUtf8 ? 'utf-8' : 'windows-1252');
  return { sha256: hash.digest('hex'), size, encoding, hasBom: marked !== undefined };
}

function isValid(decodeChunk: () => string): boolean {
  try {
    decodeChunk();
    return true;
  } catch {
    return false;
  }
}

/** The decoder drops the byte order mark. */
function decode(path: string, encoding: Encoding): Readable {
  const decoder = new TextDecoder(encoding);
  return Readable.from(
    (async function* () {
      for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
        const text = decoder.decode(chunk, { stream: true });
        if (text !== '') yield text;
      }
      const rest = decoder.decode();
      if (rest !== '') yield rest;
    })(),
    { objectMode: false, encoding: 'utf8' },
  );
}
