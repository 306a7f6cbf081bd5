import type { Encoding, TableInput } from './input.js';

const BOMS: ReadonlyArray<readonly [Encoding, readonly number[]]> = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const LONGEST_BOM = 3;

/**
 * Finds out the encoding of a text: a byte order mark decides, else UTF-8 if all bytes are valid, else Windows-1252,
 * which is what spreadsheets on Windows write.
 */
export class EncodingSurvey {
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private readonly start: number[] = [];
  private isUtf8 = true;

  add(chunk: Uint8Array): void {
    if (this.start.length < LONGEST_BOM) this.start.push(...chunk.subarray(0, LONGEST_BOM));
    this.isUtf8 &&= isValid(() => this.utf8.decode(chunk, { stream: true }));
  }

  /** Call it once, after the last chunk. */
  end(): Pick<TableInput, 'encoding' | 'hasBom'> {
    this.isUtf8 &&= isValid(() => this.utf8.decode());
    const marked = BOMS.find(([, bytes]) => bytes.every((byte, index) => this.start[index] === byte));
    return {
      encoding: marked?.[0] ?? (this.isUtf8 ? 'utf-8' : 'windows-1252'),
      hasBom: marked !== undefined,
    };
  }
}

function isValid(decodeChunk: () => string): boolean {
  try {
    decodeChunk();
    return true;
  } catch {
    return false;
  }
}

/** The text of bytes, without the byte order mark. */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}
