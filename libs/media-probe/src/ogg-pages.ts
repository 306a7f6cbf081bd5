import { viewOf } from './iso-boxes.js';
import type { ReadableFile } from './readable-file.js';

/** A page of RFC 3533, 6. Positions are byte offsets from the start of the file. */
export interface OggPage {
  serial: number;
  /** Granule position at the end of this page, in units of the codec; -1 if no packet ends on it. */
  granule: bigint;
  start: number;
  contentStart: number;
  /** Declared end, which may be past the end of the file. */
  end: number;
}

export const OGG_PAGE_HEADER_BYTES = 27;
/** 255 segments of 255 bytes, plus the header. */
const MAX_PAGE_BYTES = 65_307;
const CAPTURE = Buffer.from('OggS\0', 'latin1');

/** @returns null if there is no page at this position */
export function readOggPage(file: ReadableFile, start: number): OggPage | null {
  const header = file.read(start, start + OGG_PAGE_HEADER_BYTES);
  if (header.length < OGG_PAGE_HEADER_BYTES || CAPTURE.compare(header, 0, CAPTURE.length) !== 0) return null;
  const view = viewOf(header);
  const contentStart = start + OGG_PAGE_HEADER_BYTES + (header[26] ?? 0);
  const lengths = file.read(start + OGG_PAGE_HEADER_BYTES, contentStart);
  return {
    serial: view.getUint32(14, true),
    granule: view.getBigInt64(6, true),
    start,
    contentStart,
    end: contentStart + lengths.reduce((total, length) => total + length, 0),
  };
}

/** Yields the pages that start in the last bytes of the file, in reverse order. */
export function* lastOggPages(file: ReadableFile): Generator<OggPage> {
  const from = Math.max(0, file.size - 2 * MAX_PAGE_BYTES);
  const tail = file.read(from, file.size);
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  for (
    let at = bytes.lastIndexOf(CAPTURE);
    at !== -1;
    at = at === 0 ? -1 : bytes.lastIndexOf(CAPTURE, at - 1)
  ) {
    const page = readOggPage(file, from + at);
    if (page) yield page;
  }
}
