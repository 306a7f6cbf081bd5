import { readTopLevelBoxes } from './iso-boxes.js';
import type { ReadableFile } from './readable-file.js';
import type { Sniffed } from './sniffed.js';

/** Boxes that identify the file. Others before them do not: padding, metadata, events. */
const TELLING: ReadonlySet<string> = new Set(['ftyp', 'styp', 'moov', 'mdat', 'moof', 'sidx']);
const MAX_BOXES_BEFORE = 64;

const OTHER_BRANDS: Readonly<Record<string, string>> = {
  'crx ': 'a camera raw image',
  'jp2 ': 'a JPEG 2000 image',
  'jpx ': 'a JPEG 2000 image',
};
const HEIF_BRANDS: ReadonlySet<string> = new Set(
  'heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 avif avis avci avcs'.split(' '),
);

/**
 * Walks the boxes of a file up to the first one that identifies it, ISO/IEC 14496-12, 4.3.
 * @returns null if the file is not a chain of boxes
 */
export function sniffIso(file: ReadableFile): Sniffed | null {
  const boxes = readTopLevelBoxes(file, { most: MAX_BOXES_BEFORE, upTo: TELLING });
  const telling = boxes.at(-1);
  if (!telling || !TELLING.has(telling.type)) return null;
  if (telling.type === 'ftyp') {
    const brand = file.read(telling.contentStart, telling.contentStart + 4);
    return ofBrand(Buffer.from(brand).toString('latin1'));
  }
  // A file without a brand is an old QuickTime file or a stream segment.
  return { container: telling.type === 'moov' || telling.type === 'mdat' ? 'mov' : 'mp4' };
}

function ofBrand(brand: string): Sniffed {
  if (brand === 'qt  ') return { container: 'mov' };
  if (HEIF_BRANDS.has(brand)) return { notAVideo: 'a HEIF image' };
  const other = OTHER_BRANDS[brand];
  if (other !== undefined) return { notAVideo: other };
  if (/^3g2[a-z\d]/.test(brand)) return { container: '3g2' };
  return { container: /^3g[a-z\d]/.test(brand) ? '3gp' : 'mp4' };
}
