import { childBoxes, viewOf, type IsoBox } from './iso-boxes.js';
import type { ReadableFile } from './readable-file.js';

/** Tracks are interleaved: every track with samples appears in the first fragments. */
const MAX_FRAGMENTS = 256;
const MAX_FRAGMENT_HEADER_BYTES = 2 ** 20;

/** Returns the given tracks that have samples in a fragment whose data starts within the file. */
export function findFragmentedTrack(
  file: ReadableFile,
  boxes: readonly IsoBox[],
  ids: ReadonlySet<number>,
): ReadonlySet<number> {
  const found = new Set<number>();
  let looked = 0;
  for (const [index, moof] of boxes.entries()) {
    if (moof.type !== 'moof') continue;
    const data = boxes.slice(index + 1, index + 4).find((box) => box.type === 'mdat');
    const hasData = data !== undefined && data.contentStart < file.size;
    const isRead = moof.end <= file.size && moof.end - moof.contentStart <= MAX_FRAGMENT_HEADER_BYTES;
    if (!hasData || !isRead) continue;
    for (const id of tracksOf(file.read(moof.contentStart, moof.end))) if (ids.has(id)) found.add(id);
    if (found.size > 0 || ++looked === MAX_FRAGMENTS) break;
  }
  return found;
}

function* tracksOf(moof: Uint8Array): Generator<number> {
  for (const traf of childBoxes(moof)) {
    if (traf.type !== 'traf') continue;
    let id = 0;
    let samples = 0;
    for (const { type, content } of childBoxes(traf.content)) {
      if (content.length < 8) continue;
      if (type === 'tfhd') id = viewOf(content).getUint32(4);
      if (type === 'trun') samples += viewOf(content).getUint32(4);
    }
    if (samples > 0) yield id;
  }
}
