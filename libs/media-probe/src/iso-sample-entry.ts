import { avcPixelAspectRatio } from './avc-sps.js';
import { childBoxes, viewOf } from './iso-boxes.js';

/** How the pictures of a track are coded, ISO/IEC 14496-12, 12.1.3. */
export interface VideoSampleEntry {
  /** Four characters, such as `avc1`. */
  type: string;
  width: number;
  height: number;
  /** Counted from 0. */
  dataReference: number;
  /** As `pasp` has it, else the H.264 stream itself; null where neither says. */
  pixelAspectRatio: { container: number | null; stream: number | null };
}

const FIXED_BYTES = 78;
/** No film changes its coding more often. */
const MAX_ENTRIES = 64;

export function readVideoSampleEntries(stsd: Uint8Array): VideoSampleEntry[] {
  const entries: VideoSampleEntry[] = [];
  for (const { type, content } of childBoxes(stsd.subarray(8))) {
    if (content.length < FIXED_BYTES || entries.length === MAX_ENTRIES) break;
    const view = viewOf(content);
    entries.push({
      type,
      width: view.getUint16(24),
      height: view.getUint16(26),
      dataReference: view.getUint16(6) - 1,
      pixelAspectRatio: readPixelAspectRatio(content.subarray(FIXED_BYTES)),
    });
  }
  return entries;
}

function readPixelAspectRatio(extensions: Uint8Array): VideoSampleEntry['pixelAspectRatio'] {
  const ratio: VideoSampleEntry['pixelAspectRatio'] = { container: null, stream: null };
  for (const { type, content } of childBoxes(extensions)) {
    if (type === 'avcC') ratio.stream = avcPixelAspectRatio(content);
    if (type !== 'pasp' || content.length < 8) continue;
    const view = viewOf(content);
    const [horizontal, vertical] = [view.getUint32(0), view.getUint32(4)];
    if (horizontal > 0 && vertical > 0) ratio.container = horizontal / vertical;
  }
  return ratio;
}
