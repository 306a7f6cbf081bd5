import { BitReader, withoutEmulation } from './bit-reader.js';
import { viewOf } from './iso-boxes.js';
import { readVideoAspectRatio } from './vui.js';

const START_CODE = Buffer.from('000001', 'hex');
const SPS = 33;
/** Offset of the arrays of parameter sets in the record. */
const ARRAYS_OFFSET = 22;
const MAX_SPS_BYTES = 4096;
/** ITU-T H.265, 7.4.3.2.1: `num_short_term_ref_pic_sets` and `num_long_term_ref_pics_sps`. */
const MAX_SHORT_TERM_SETS = 64;
const MAX_LONG_TERM = 32;
const MAX_PICTURES = 16;

/**
 * Reads the pixel aspect ratio from the first sequence parameter set of an HEVC stream.
 *
 * @param hvcC the decoder configuration record, ISO/IEC 14496-15, 8.3.3.1
 * @returns null if it specifies none
 */
export function hevcPixelAspectRatio(hvcC: Uint8Array): number | null {
  const sps = firstSps(hvcC);
  return sps && readSps(sps);
}

/** @param frame a frame with start codes, ITU-T H.265, annex B. @returns null if it specifies no ratio */
export function hevcFrameAspectRatio(frame: Uint8Array): number | null {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  for (let at = bytes.indexOf(START_CODE); at !== -1; at = bytes.indexOf(START_CODE, at + 3)) {
    if ((((bytes[at + 3] ?? 0) >> 1) & 63) === SPS) return readSps(bytes.subarray(at + 3));
  }
  return null;
}

function firstSps(hvcC: Uint8Array): Uint8Array | null {
  const view = viewOf(hvcC);
  let position = ARRAYS_OFFSET + 1;
  for (let arrays = hvcC[ARRAYS_OFFSET] ?? 0; arrays > 0 && position + 3 <= hvcC.length; arrays--) {
    const type = view.getUint8(position) & 63;
    const count = view.getUint16(position + 1);
    position += 3;
    for (let unit = 0; unit < count && position + 2 <= hvcC.length; unit++) {
      const end = position + 2 + view.getUint16(position);
      if (type === SPS) return hvcC.subarray(position + 2, end);
      position = end;
    }
  }
  return null;
}

/** ITU-T H.265, 7.3.2.2.1, up to the video usability information. */
function readSps(nal: Uint8Array): number | null {
  const reader = new BitReader(withoutEmulation(nal.subarray(2, MAX_SPS_BYTES)));
  reader.bits(4);
  const subLayers = reader.bits(3);
  reader.flag();
  skipProfile(reader, subLayers);
  reader.unsigned();
  if (reader.unsigned() === 3) reader.flag();
  reader.unsigned();
  reader.unsigned();
  if (reader.flag()) for (let side = 0; side < 4; side++) reader.unsigned();
  reader.unsigned();
  reader.unsigned();
  const orderBits = reader.unsigned() + 4;
  const isPerLayer = reader.flag();
  for (let layer = isPerLayer ? 0 : subLayers; layer <= subLayers; layer++) {
    for (let value = 0; value < 3; value++) reader.unsigned();
  }
  for (let value = 0; value < 6; value++) reader.unsigned();
  if (reader.flag() && reader.flag()) skipScalingLists(reader);
  reader.bits(2);
  skipPcm(reader);
  skipShortTermSets(reader);
  if (reader.flag()) {
    const count = Math.min(reader.unsigned(), MAX_LONG_TERM);
    for (let picture = 0; picture < count; picture++) reader.bits(orderBits + 1);
  }
  reader.bits(2);
  return reader.flag() ? readVideoAspectRatio(reader) : null;
}

/** 7.3.3: profile and level of the stream and of each of its layers. */
function skipProfile(reader: BitReader, subLayers: number): void {
  reader.bits(96);
  const has: [profile: boolean, level: boolean][] = [];
  for (let layer = 0; layer < subLayers; layer++) has.push([reader.flag(), reader.flag()]);
  if (subLayers > 0) reader.bits(2 * (8 - subLayers));
  for (const [profile, level] of has) reader.bits((profile ? 88 : 0) + (level ? 8 : 0));
}

/** 7.3.4. */
function skipScalingLists(reader: BitReader): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!reader.flag()) {
        reader.unsigned();
        continue;
      }
      if (size > 1) reader.signed();
      for (let index = 0; index < Math.min(64, 1 << (4 + (size << 1))); index++) reader.signed();
    }
  }
}

function skipPcm(reader: BitReader): void {
  if (!reader.flag()) return;
  reader.bits(8);
  reader.unsigned();
  reader.unsigned();
  reader.flag();
}

/** 7.3.7: each set lists pictures, or its differences from the previous set. */
function skipShortTermSets(reader: BitReader): void {
  const sets = Math.min(reader.unsigned(), MAX_SHORT_TERM_SETS);
  let pictures = 0;
  for (let set = 0; set < sets; set++) {
    if (set > 0 && reader.flag()) {
      reader.flag();
      reader.unsigned();
      pictures = skipDifferences(reader, pictures);
    } else {
      const before = Math.min(reader.unsigned(), MAX_PICTURES);
      pictures = before + Math.min(reader.unsigned(), MAX_PICTURES);
      for (let picture = 0; picture < pictures; picture++) {
        reader.unsigned();
        reader.flag();
      }
    }
  }
}

/** @returns the number of pictures in the set */
function skipDifferences(reader: BitReader, pictures: number): number {
  let used = 0;
  for (let picture = 0; picture <= pictures; picture++) if (reader.flag() || reader.flag()) used++;
  return used;
}
