import { readAvcConfiguration } from './avc-sps.js';
import { hevcPixelAspectRatio } from './hevc-sps.js';
import { boxesByType, childBoxes, viewOf } from './iso-boxes.js';
import { codecOfObjectType } from './iso-object-type.js';
import { mpegPixelAspectRatio } from './mpeg-headers.js';

/** The coding of a track's pictures, ISO/IEC 14496-12, 12.1.3. */
export interface VideoSampleEntry {
  /** Four characters, such as `avc1`. */
  type: string;
  /** The codec; equals the type unless the type covers several codecs. */
  codec: string;
  width: number;
  height: number;
  /** Zero-based. */
  dataReference: number;
  /** From `pasp` and from the stream itself; null if not specified. */
  pixelAspectRatio: { container: number | null; stream: number | null };
}

const FIXED_BYTES = 78;
/** Readers of the pixel aspect ratio in decoder configuration boxes. */
const STREAM_RATIOS: Readonly<Record<string, (content: Uint8Array) => number | null>> = {
  avcC: (content) => readAvcConfiguration(content)?.pixelAspectRatio ?? null,
  hvcC: hevcPixelAspectRatio,
  // Its descriptors contain the headers of the stream unchanged, ISO/IEC 14496-14, 5.6.
  esds: mpegPixelAspectRatio,
};
/** No real film changes its coding more often. */
const MAX_ENTRIES = 64;

export function readVideoSampleEntries(stsd: Uint8Array): VideoSampleEntry[] {
  const entries: VideoSampleEntry[] = [];
  for (const { type, content } of childBoxes(stsd.subarray(8))) {
    if (content.length < FIXED_BYTES || entries.length === MAX_ENTRIES) break;
    const view = viewOf(content);
    entries.push({
      type,
      codec: codecOf(type, content.subarray(FIXED_BYTES)),
      width: view.getUint16(24),
      height: view.getUint16(26),
      dataReference: view.getUint16(6) - 1,
      pixelAspectRatio: readPixelAspectRatio(content.subarray(FIXED_BYTES)),
    });
  }
  return entries;
}

function codecOf(type: string, extensions: Uint8Array): string {
  const esds = type === 'mp4v' ? boxesByType(extensions).get('esds') : undefined;
  return (esds && codecOfObjectType(esds)) ?? type;
}

function readPixelAspectRatio(extensions: Uint8Array): VideoSampleEntry['pixelAspectRatio'] {
  const ratio: VideoSampleEntry['pixelAspectRatio'] = { container: null, stream: null };
  for (const { type, content } of childBoxes(extensions)) {
    ratio.stream ??= STREAM_RATIOS[type]?.(content) ?? null;
    if (type !== 'pasp' || content.length < 8) continue;
    const view = viewOf(content);
    const [horizontal, vertical] = [view.getUint32(0), view.getUint32(4)];
    if (horizontal > 0 && vertical > 0) ratio.container = horizontal / vertical;
  }
  return ratio;
}
