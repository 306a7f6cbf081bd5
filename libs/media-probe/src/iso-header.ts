import { inflateSync } from 'node:zlib';
import { NotAVideoError } from './errors.js';
import { boxesByType, childBoxes, readTopLevelBoxes, viewOf, type IsoBox } from './iso-boxes.js';
import { readVideoTrack, type IsoVideoTrack } from './iso-track.js';
import type { ReadableFile } from './readable-file.js';

/** The movie header of an MP4, QuickTime or 3GP file. */
export interface IsoHeader {
  /** Seconds; null if the header does not specify it, as in fragmented files. */
  duration: number | null;
  /** Video tracks, without chapter images. */
  videoTracks: IsoVideoTrack[];
  /** Whether the file consists of references to other files. */
  isReference: boolean;
  /** Top-level boxes of the file. */
  boxes: readonly IsoBox[];
}

/** The headers of long films take some MB. */
const MAX_INFLATED_BYTES = 32 * 2 ** 20;

/**
 * Reads `moov` and checks that the file is as long as its boxes declare.
 *
 * A file that ends inside `moov` or `mdat` is refused although players show it up to that point: an archive must know
 * that a video is damaged. Fragmented files are exempt; they are meant to be played up to wherever they end.
 *
 * @throws NotAVideoError `truncated`, or `not-a-video` if there is no header
 */
export function readIsoHeader(file: ReadableFile): IsoHeader {
  const boxes = readTopLevelBoxes(file);
  const fragmented = boxes.some((box) => box.type === 'moof');
  const last = boxes.at(-1);
  if (last && last.end > file.size) refuseCut(last, fragmented);
  const moov = boxes.find((box) => box.type === 'moov');
  if (!moov) throw new NotAVideoError('not-a-video', 'the file has no movie header');
  return { ...parseMoov(inflated(file.read(moov.contentStart, moov.end))), boxes };
}

function refuseCut(last: IsoBox, fragmented: boolean): void {
  if (last.type === 'moov') {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its header');
  }
  if (last.type === 'mdat' && !fragmented) {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its media data');
  }
}

/** QuickTime File Format, "Compressed movie resources": `cmov` contains a complete `moov`, compressed with zlib. */
function inflated(moov: Uint8Array): Uint8Array {
  const packed = boxesByType(boxesByType(moov).get('cmov')).get('cmvd');
  if (!packed) return moov;
  try {
    return inflateSync(packed.subarray(4), { maxOutputLength: MAX_INFLATED_BYTES }).subarray(8);
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && 'code' in error)) {
      throw new NotAVideoError('not-a-video', 'the file has a damaged movie header');
    }
    throw error;
  }
}

function parseMoov(moov: Uint8Array): Omit<IsoHeader, 'boxes'> {
  let duration: number | null = null;
  let isReference = false;
  const tracks: IsoVideoTrack[] = [];
  const chapterTrackIds = new Set<number>();
  for (const box of childBoxes(moov)) {
    if (box.type === 'mvhd') duration = parseDuration(box.content);
    if (box.type === 'rmra') isReference = true;
    if (box.type !== 'trak') continue;
    for (const id of chapterReferences(box.content)) chapterTrackIds.add(id);
    const track = readVideoTrack(box.content);
    if (track) tracks.push(track);
  }
  return { duration, isReference, videoTracks: tracks.filter(({ id }) => !chapterTrackIds.has(id)) };
}

/** ISO/IEC 14496-12, 8.2.2; all bits set means an unknown duration. */
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
