import { box } from './hostile-mp4.js';

const CONTAINERS: ReadonlySet<string> = new Set(['moov', 'trak', 'mdia', 'minf', 'dinf', 'stbl']);

/** A box of ISO/IEC 14496-12 with its content or children. */
export interface Box {
  type: string;
  content: Buffer;
  children: Box[];
}

export function parseBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const end = at + bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const content = Buffer.from(bytes.subarray(at + 8, end));
    boxes.push({ type, content, children: CONTAINERS.has(type) ? parseBoxes(content) : [] });
    at = end;
  }
  return boxes;
}

export function writeBoxes(boxes: readonly Box[]): Buffer {
  return Buffer.concat(
    boxes.map(({ type, content, children }) =>
      box(type, children.length > 0 ? writeBoxes(children) : content),
    ),
  );
}

/** Returns the first box along a path such as `moov trak tkhd`. */
export function boxAt(boxes: readonly Box[], path: string): Box {
  const [type, ...rest] = path.split(' ');
  const found = boxes.find((candidate) => candidate.type === type);
  if (!found) throw new Error(`There is no box ${path}`);
  return rest.length > 0 ? boxAt(found.children, rest.join(' ')) : found;
}
