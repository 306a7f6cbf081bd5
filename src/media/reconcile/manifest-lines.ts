import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Labels of the Encoding standard, https://encoding.spec.whatwg.org. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Longest line in bytes, and longest record over several lines in characters. */
export const MAX_LINE = 65_536;

const LF = 0x0a;

const BOMS: ReadonlyArray<readonly [Encoding, Buffer]> = [
  ['utf-8', Buffer.of(0xef, 0xbb, 0xbf)],
  ['utf-16le', Buffer.of(0xff, 0xfe)],
  ['utf-16be', Buffer.of(0xfe, 0xff)],
];
const LONGEST_BOM = 3;

/** A line, without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Why the line cannot be read; `text` is then its readable beginning. */
  readonly fault?: string;
}

/**
 * Splits bytes into lines of text. A byte order mark decides the encoding; without one, the first line with a byte
 * outside of ASCII does: UTF-8 if the line is valid UTF-8, else Windows-1252, which spreadsheets on Windows write.
 */
export class ManifestLines {
  hasBom = false;
  private chosen: Encoding | undefined;
  private start: Buffer | undefined = Buffer.alloc(0);
  private utf16: TextDecoder | undefined;
  private rest: Buffer = Buffer.alloc(0);
  /** Whether the current line is too long; the rest of it is dropped. */
  private isTooLong = false;
  private number = 0;

  /** Text of ASCII characters alone is UTF-8. */
  get encoding(): Encoding {
    return this.chosen ?? 'utf-8';
  }

  /** @returns the lines that this chunk completes */
  push(chunk: Buffer): Line[] {
    if (this.start === undefined) return this.split(this.toBytes(chunk));
    this.start = Buffer.concat([this.start, chunk]);
    return this.start.length < LONGEST_BOM ? [] : this.begin();
  }

  /** @returns the last line, if it has no end */
  end(): Line[] {
    const lines = this.start === undefined ? [] : this.begin();
    if (this.utf16 !== undefined) lines.push(...this.split(Buffer.from(this.utf16.decode())));
    if (this.rest.length > 0 || this.isTooLong) lines.push(...this.split(Buffer.of(LF)));
    return lines;
  }

  private begin(): Line[] {
    const bytes = this.start ?? Buffer.alloc(0);
    this.start = undefined;
    const [encoding, bom] = BOMS.find(([, mark]) => bytes.subarray(0, mark.length).equals(mark)) ?? [];
    if (encoding === undefined || bom === undefined) return this.split(bytes);
    this.hasBom = true;
    this.chosen = encoding;
    if (encoding !== 'utf-8') this.utf16 = new TextDecoder(encoding);
    return this.split(this.toBytes(bytes.subarray(bom.length)));
  }

  private toBytes(chunk: Buffer): Buffer {
    return this.utf16 === undefined ? chunk : Buffer.from(this.utf16.decode(chunk, { stream: true }));
  }

  private split(bytes: Buffer): Line[] {
    const last = bytes.lastIndexOf(LF);
    if (last < 0) {
      this.keep(bytes);
      return [];
    }
    const block = Buffer.concat([this.rest, bytes.subarray(0, last)]);
    this.rest = Buffer.alloc(0);
    const lines = this.linesOf(block);
    this.keep(bytes.subarray(last + 1));
    return lines;
  }

  /** Keeps the beginning of a line for the next chunk, as far as it may be long. */
  private keep(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    if (this.rest.length <= MAX_LINE) return;
    this.isTooLong = true;
    this.rest = this.rest.subarray(0, MAX_LINE);
  }

  private linesOf(block: Buffer): Line[] {
    if (this.chosen === undefined && !isAscii(block)) this.chosen = encodingOf(block);
    const texts = this.textsOf(block);
    const lines = texts.map((text) => this.lineOf(text));
    this.isTooLong = false;
    return lines;
  }

  private lineOf(read: string | { readable: string }): Line {
    this.number += 1;
    const { number } = this;
    // Only the first line of a block can have begun in an earlier one.
    const wasCut = this.isTooLong;
    this.isTooLong = false;
    if (typeof read !== 'string') return { number, text: read.readable, fault: 'Must be valid UTF-8' };
    const text = read.endsWith('\r') ? read.slice(0, -1) : read;
    if (!wasCut && text.length <= MAX_LINE) return { number, text };
    return { number, text: text.slice(0, MAX_LINE), fault: `Must have at most ${MAX_LINE} bytes` };
  }

  private textsOf(block: Buffer): Array<string | { readable: string }> {
    if (this.chosen === 'windows-1252') return new TextDecoder('windows-1252').decode(block).split('\n');
    if (isUtf8(block)) return block.toString('utf8').split('\n');
    return [...pieces(block)].map((line) =>
      isUtf8(line) ? line.toString('utf8') : { readable: readablePart(line) },
    );
  }
}

/** Decides by the first line that is not ASCII. */
function encodingOf(block: Buffer): Encoding {
  for (const line of pieces(block)) {
    if (!isAscii(line)) return isUtf8(line) ? 'utf-8' : 'windows-1252';
  }
  return 'utf-8';
}

function* pieces(block: Buffer): Generator<Buffer> {
  let from = 0;
  for (let at = block.indexOf(LF); at >= 0; at = block.indexOf(LF, from)) {
    yield block.subarray(from, at);
    from = at + 1;
  }
  yield block.subarray(from);
}

/** The text before the first invalid byte. */
function readablePart(line: Buffer): string {
  const text = line.toString('utf8');
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    const before = Buffer.byteLength(text.slice(0, at));
    if (!line.subarray(before, before + 3).equals(Buffer.from('\uFFFD'))) return text.slice(0, at);
  }
  return text;
}
