import { NotAVideoError } from './errors.js';
import { childBoxes, readTopLevelBoxes, viewOf, type IsoBox } from './iso-boxes.js';
import type { ReadableFile } from './readable-file.js';

/** What the movie header of an MP4, QuickTime or 3GP file says beyond the tracks themselves. */
export interface IsoHeader {
  /** Seconds; null where the header leaves it open, as fragmented files do. */
  duration: number | null;
  /** Whether it describes any track at all. */
  hasTracks: boolean;
  /** Tracks that others refer to as chapters: pictures or titles to choose from, not a film. */
  chapterTrackIds: ReadonlySet<number>;
}

/**
 * Reads `moov` and checks that the file is as long as its boxes say.
 *
 * A file that ends inside `moov` or `mdat` is refused, although players show such a file up to the break: an archive
 * wants to know that a video came damaged. Fragmented files are exempt, as they are made to be played up to
 * wherever they end.
 *
 * @throws NotAVideoError `truncated`, or `not-a-video` where there is no header at all
 */
export function readIsoHeader(file: ReadableFile): IsoHeader {
  const boxes = readTopLevelBoxes(file);
  const fragmented = boxes.some((box) => box.type === 'moof');
  const last = boxes.at(-1);
  if (last && last.end > file.size) refuseCut(last, fragmented);
  const moov = boxes.find((box) => box.type === 'moov');
  if (!moov) throw new NotAVideoError('not-a-video', 'the file has no movie header');
  return parseMoov(file.read(moov.contentStart, moov.end));
}

function refuseCut(last: IsoBox, fragmented: boolean): void {
  if (last.type === 'moov') {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its header');
  }
  if (last.type === 'mdat' && !fragmented) {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its media data');
  }
}

function parseMoov(moov: Uint8Array): IsoHeader {
  let duration: number | null = null;
  let hasTracks = false;
  const chapterTrackIds = new Set<number>();
  for (const box of childBoxes(moov)) {
    if (box.type === 'mvhd') duration = parseDuration(box.content);
    if (box.type !== 'trak') continue;
    hasTracks = true;
    for (const id of chapterReferences(box.content)) chapterTrackIds.add(id);
  }
  return { duration, hasTracks, chapterTrackIds };
}

/** ISO/IEC 14496-12, 8.2.2; all bits set means that the duration is unknown. */
function parseDuration(mvhd: Uint8Array): number | null {
  const wide = mvhd[0] === 1;
  if (mvhd.length < (wide ? 32 : 20)) return null;
  const view = viewOf(mvhd);
  const timescale = view.getUint32(wide ? 20 : 12);
  const units = wide ? Number(view.getBigUint64(24)) : view.getUint32(16);
  const unknown = wide ? 2 ** 64 : 2 ** 32 - 1;
  if (timescale === 0 || units === 0 || units === unknown) return null;
  return units / timescale;
}

/** `tref` of type `chap`, QuickTime File Format, "Chapter lists". */
function chapterReferences(trak: Uint8Array): number[] {
  const ids: number[] = [];
  for (const tref of childBoxes(trak)) {
    if (tref.type !== 'tref') continue;
    for (const reference of childBoxes(tref.content)) {
      if (reference.type !== 'chap') continue;
      const view = viewOf(reference.content);
      for (let offset = 0; offset + 4 <= view.byteLength; offset += 4) ids.push(view.getUint32(offset));
    }
  }
  return ids;
}
