import type { ReadableFile } from './readable-file.js';

/** One box of ISO/IEC 14496-12, 4.2. Positions are in bytes from the start of what was walked. */
export interface IsoBox {
  type: string;
  /** Where its content begins, behind the header. */
  contentStart: number;
  /** Where it says that it ends, which may be behind the end of the file. */
  end: number;
}

/** A fragmented recording of many hours has thousands of boxes; what is asked here shows in the first ones. */
const MAX_TOP_LEVEL_BOXES = 4096;
const HEADER_BYTES = 16;

/** The boxes of a file, in order, read header by header; ends at the first that reaches the end of the file. */
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

/** The boxes inside `bytes`, in order; a box that claims to end behind it ends the walk. */
export function* childBoxes(bytes: Uint8Array): Generator<IsoBox & { content: Uint8Array }> {
  let position = 0;
  while (position + 8 <= bytes.length) {
    const box = parseHeader(bytes.subarray(position, position + HEADER_BYTES), position, bytes.length);
    if (!box || box.end > bytes.length) return;
    yield { ...box, content: bytes.subarray(box.contentStart, box.end) };
    position = box.end;
  }
}

/** The contents of the boxes inside `bytes`; of several of a type, the first. */
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
  // Also keeps a walk from standing still.
  if (size < headerBytes) return null;
  return { type, contentStart: position + headerBytes, end: position + size };
}

/** A view of exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
