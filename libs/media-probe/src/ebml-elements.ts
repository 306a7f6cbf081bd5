import type { ReadableFile } from './readable-file.js';

/** An element of RFC 8794. Positions are byte offsets from the start of the file. */
export interface EbmlElement {
  id: number;
  contentStart: number;
  /** Declared end, which may be past the end of the file; null if the size is unknown. */
  end: number | null;
}

/** An ID of up to 4 bytes, a size of up to 8. */
const MAX_HEADER_BYTES = 12;

/** @returns null if there is no element at this position */
export function readElement(file: ReadableFile, position: number): EbmlElement | null {
  const header = file.read(position, position + MAX_HEADER_BYTES);
  const idLength = Math.clz32(header[0] ?? 0) - 23;
  if (idLength > 4 || header.length <= idLength) return null;
  let id = 0;
  for (let index = 0; index < idLength; index++) id = id * 256 + (header[index] ?? 0);
  const size = parseSize(header, idLength);
  if (!size) return null;
  const contentStart = position + idLength + size.length;
  return { id, contentStart, end: size.value === null ? null : contentStart + size.value };
}

/**
 * Yields consecutive elements from `start`, at most `most`. Stops at an invalid element or after one of unknown size.
 */
export function* elementsFrom(
  file: ReadableFile,
  start: number,
  end: number,
  most: number,
): Generator<EbmlElement> {
  let position = start;
  for (let count = 0; count < most && position < Math.min(end, file.size); count++) {
    const element = readElement(file, position);
    if (!element) return;
    yield element;
    if (element.end === null) return;
    position = element.end;
  }
}

/** Reads an unsigned integer; 0 for an empty element (RFC 8794, 7.2). */
export function readUnsigned(file: ReadableFile, { contentStart, end }: EbmlElement): number {
  let value = 0;
  for (const byte of file.read(contentStart, Math.min(end ?? contentStart, contentStart + 8))) {
    value = value * 256 + byte;
  }
  return value;
}

/**
 * RFC 8794, 4: the leading zero bits give the number of further bytes; the value is unknown if all data bits are set.
 */
function parseSize(bytes: Uint8Array, at: number): { value: number | null; length: number } | null {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > bytes.length) return null;
  let value = first & (0xff >> length);
  let unknown = value === 0xff >> length;
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index] ?? 0;
    value = value * 256 + byte;
    unknown &&= byte === 0xff;
  }
  return { value: unknown ? null : value, length };
}
