import type { ReadableFile } from './readable-file.js';

/** A box of ISO/IEC 14496-12, 4.2. Positions are byte offsets from the start of the parsed data. */
export interface IsoBox {
  type: string;
  /** Start of the content, after the header. */
  contentStart: number;
  /** Declared end, which may be past the end of the file. */
  end: number;
}

/** A fragmented recording of many hours has thousands of boxes; the first ones are sufficient. */
const MAX_TOP_LEVEL_BOXES = 4096;
const HEADER_BYTES = 16;

/**
 * Reads the top-level boxes of a file in order, header by header; stops at the box that reaches the end of the file.
 */
export function readTopLevelBoxes(
  file: ReadableFile,
  { most = MAX_TOP_LEVEL_BOXES, upTo }: { most?: number; upTo?: ReadonlySet<string> } = {},
): IsoBox[] {
  const boxes: IsoBox[] = [];
  let position = 0;
  while (position + 8 <= file.size && boxes.length < most) {
    const box = parseHeader(file.read(position, position + HEADER_BYTES), position, file.size);
    if (!box) break;
    boxes.push(box);
    if (upTo?.has(box.type)) break;
    position = box.end;
  }
  return boxes;
}

/** Yields the boxes in `bytes` in order; stops at a box that would end past `bytes`. */
export function* childBoxes(bytes: Uint8Array): Generator<IsoBox & { content: Uint8Array }> {
  let position = 0;
  while (position + 8 <= bytes.length) {
    const box = parseHeader(bytes.subarray(position, position + HEADER_BYTES), position, bytes.length);
    if (!box || box.end > bytes.length) return;
    yield { ...box, content: bytes.subarray(box.contentStart, box.end) };
    position = box.end;
  }
}

/** Returns the contents of the boxes in `bytes` by type; the first box of a type counts. */
export function boxesByType(bytes: Uint8Array | undefined): Map<string, Uint8Array> {
  const boxes = new Map<string, Uint8Array>();
  if (!bytes) return boxes;
  for (const { type, content } of childBoxes(bytes)) if (!boxes.has(type)) boxes.set(type, content);
  return boxes;
}

function parseHeader(header: Uint8Array, position: number, limit: number): IsoBox | null {
  const view = viewOf(header);
  const type = Buffer.from(header.subarray(4, 8)).toString('latin1');
  let size = view.getUint32(0);
  let headerBytes = 8;
  if (size === 1) {
    if (header.length < HEADER_BYTES) return null;
    size = Number(view.getBigUint64(8));
    headerBytes = 16;
  } else if (size === 0) {
    size = limit - position;
  }
  // Also prevents an endless loop.
  if (size < headerBytes) return null;
  return { type, contentStart: position + headerBytes, end: position + size };
}

/** A view of exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
