import { boxesByType, childBoxes, viewOf } from './iso-boxes.js';
import { readVideoSampleEntries, type VideoSampleEntry } from './iso-sample-entry.js';
import { readSamples, type IsoSamples } from './iso-samples.js';

/** A video track, as described by its `trak` box. */
export interface IsoVideoTrack {
  id: number;
  isEnabled: boolean;
  samples: IsoSamples;
  /** Coding of its first pictures; null if not specified. */
  entry: VideoSampleEntry | null;
  entryCount: number;
  /** Whether its pictures are in another file. */
  isElsewhere: boolean;
  /** Display size before rotation; null if the header does not specify it. */
  shown: { width: number; height: number; stretch: number } | null;
}

const NO_SAMPLES: IsoSamples = { count: 0, start: null, end: 0, entryInUse: 0 };

/**
 * Reads `trak` with its boxes in any order.
 * @returns null if it is not a video track
 */
export function readVideoTrack(trak: Uint8Array): IsoVideoTrack | null {
  const boxes = boxesByType(trak);
  const tkhd = boxes.get('tkhd');
  const mdia = boxesByType(boxes.get('mdia'));
  if (!tkhd || handlerOf(mdia.get('hdlr')) !== 'vide') return null;
  const minf = boxesByType(mdia.get('minf'));
  const stbl = minf.get('stbl');
  const samples = stbl ? readSamples(stbl) : NO_SAMPLES;
  const stsd = boxesByType(stbl).get('stsd');
  const entries = stsd ? readVideoSampleEntries(stsd) : [];
  const entry = entries[samples.entryInUse] ?? entries[0] ?? null;
  return {
    ...readTrackHeader(tkhd),
    samples,
    entry,
    entryCount: entries.length,
    isElsewhere: isElsewhere(boxesByType(minf.get('dinf')).get('dref'), entry?.dataReference ?? 0),
  };
}

function handlerOf(hdlr: Uint8Array | undefined): string {
  return Buffer.from(hdlr?.subarray(8, 12) ?? []).toString('latin1');
}

/** ISO/IEC 14496-12, 8.3.2. */
function readTrackHeader(tkhd: Uint8Array): Pick<IsoVideoTrack, 'id' | 'isEnabled' | 'shown'> {
  const fixed = tkhd[0] === 1 ? 32 : 20;
  const view = viewOf(tkhd);
  const id = tkhd.length < fixed ? 0 : view.getUint32(tkhd[0] === 1 ? 20 : 12);
  const isEnabled = ((tkhd[3] ?? 0) & 1) === 1;
  const matrix = fixed + 20;
  if (tkhd.length < matrix + 44) return { id, isEnabled, shown: null };
  const at = (index: number): number => view.getInt32(matrix + 4 * index) / 65_536;
  const width = view.getUint32(matrix + 36) / 65_536;
  const height = view.getUint32(matrix + 40) / 65_536;
  const stretch = Math.hypot(at(0), at(3)) / Math.hypot(at(1), at(4));
  const shown =
    width >= 1 && height >= 1 ? { width: Math.floor(width), height: Math.floor(height), stretch } : null;
  return { id, isEnabled, shown };
}

/** ISO/IEC 14496-12, 8.7.2: a reference that names a location and lacks the flag "in this file". */
function isElsewhere(dref: Uint8Array | undefined, index: number): boolean {
  if (!dref || dref.length < 8) return false;
  let position = 0;
  for (const { content } of childBoxes(dref.subarray(8))) {
    if (position++ < index) continue;
    const isHere = ((content[3] ?? 0) & 1) === 1;
    return !isHere && content.subarray(4).some((byte) => byte !== 0);
  }
  return false;
}
