import { BitReader, withoutEmulation } from './bit-reader.js';
import { readVideoAspectRatio } from './vui.js';

const PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const START_CODE = Buffer.from('000001', 'hex');
const SPS = 7;
/** About a hundred in practice. */
const MAX_SPS_BYTES = 4096;

/** Properties of a stream's pictures, from its first parameter set. */
export interface StreamPictures {
  width: number;
  height: number;
  /** Width of a pixel divided by its height; null if the stream does not specify it. */
  pixelAspectRatio: number | null;
}

/**
 * @param avcC the decoder configuration record, ISO/IEC 14496-15, 5.3.3.1
 * @returns null if it contains no sequence parameter set
 */
export function readAvcConfiguration(avcC: Uint8Array): StreamPictures | null {
  const count = (avcC[5] ?? 0) & 31;
  const length = (avcC[6] ?? 0) * 256 + (avcC[7] ?? 0);
  return count === 0 || length < 4 ? null : readAvcSps(avcC.subarray(8, 8 + length));
}

/** @param frame a frame with start codes, ITU-T H.264, annex B. @returns null if it has no sequence parameter set */
export function readAvcFrame(frame: Uint8Array): StreamPictures | null {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  for (let at = bytes.indexOf(START_CODE); at !== -1; at = bytes.indexOf(START_CODE, at + 3)) {
    if (((bytes[at + 3] ?? 0) & 31) === SPS) return readAvcSps(bytes.subarray(at + 3));
  }
  return null;
}

/** ITU-T H.264, 7.3.2.1.1 and E.1.1. */
function readAvcSps(nal: Uint8Array): StreamPictures {
  const reader = new BitReader(withoutEmulation(nal.subarray(1, MAX_SPS_BYTES)));
  const profile = reader.bits(8);
  reader.bits(16);
  reader.unsigned();
  const chroma = PROFILES_WITH_CHROMA.has(profile) ? readChroma(reader) : 1;
  reader.unsigned();
  skipPictureOrder(reader);
  reader.unsigned();
  reader.flag();
  const width = 16 * (reader.unsigned() + 1);
  const mapUnits = reader.unsigned() + 1;
  // A field has half of the lines of a frame.
  const fields = reader.flag() ? 1 : 2;
  if (fields === 2) reader.flag();
  reader.flag();
  const [left = 0, right = 0, top = 0, bottom = 0] = reader.flag()
    ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]
    : [];
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = (chroma === 1 ? 2 : 1) * fields;
  return {
    width: width - unitX * (left + right),
    height: 16 * mapUnits * fields - unitY * (top + bottom),
    pixelAspectRatio: reader.flag() ? readVideoAspectRatio(reader) : null,
  };
}

/** @returns chroma_format_idc; 0 if the colour planes are coded separately */
function readChroma(reader: BitReader): number {
  const format = reader.unsigned();
  const areSeparate = format === 3 && reader.flag();
  reader.unsigned();
  reader.unsigned();
  reader.flag();
  const lists = format === 3 ? 12 : 8;
  for (let left = reader.flag() ? lists : 0; left > 0; left--) {
    if (reader.flag()) skipScalingList(reader, lists - left < 6 ? 16 : 64);
  }
  return areSeparate ? 0 : format;
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size; index++) {
    if (next !== 0) next = (last + reader.signed() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.unsigned();
  if (type === 0) reader.unsigned();
  if (type !== 1) return;
  reader.flag();
  reader.signed();
  reader.signed();
  const frames = Math.min(reader.unsigned(), 255);
  for (let frame = 0; frame < frames; frame++) reader.signed();
}
