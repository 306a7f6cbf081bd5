import { elementsFrom, readElement, readUnsigned, type EbmlElement } from './ebml-elements.js';
import { NotAVideoError } from './errors.js';
import type { ReadableFile } from './readable-file.js';

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const VIDEO = 0xe0;
const PIXEL_WIDTH = 0xb0;
const PIXEL_HEIGHT = 0xba;
const DISPLAY_WIDTH = 0x54b0;
const DISPLAY_HEIGHT = 0x54ba;
const DISPLAY_UNIT = 0x54b2;
const CLUSTER = 0x1f43b675;
const BLOCKS: ReadonlySet<number> = new Set([0xa0, 0xa3, 0xaf]);

/** `DisplayUnit` of a display size in an unknown unit, which says nothing about the pixels. */
const UNKNOWN_UNIT = 4;
/** Pictures appear in the first clusters; attachments and indexes may precede them. */
const MAX_ELEMENTS = 4096;

/** Facts of a Matroska or WebM file that its parser does not return. */
export interface MatroskaHeader {
  /** Width of a pixel divided by its height, by track number. */
  pixelAspectRatios: ReadonlyMap<number, number>;
}

/**
 * Checks that the file is as long as its segment declares (RFC 9559, 5.1) and contains media data. Live recordings
 * leave the size unknown and are meant to be played up to wherever they end.
 *
 * @throws NotAVideoError
 */
export function readMatroskaHeader(file: ReadableFile): MatroskaHeader {
  const pixelAspectRatios = new Map<number, number>();
  const segment = findSegment(file);
  if (!segment) return { pixelAspectRatios };
  if (segment.end !== null && segment.end > file.size) {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its media data');
  }
  let position = segment.contentStart;
  for (const element of elementsFrom(file, position, segment.end ?? file.size, MAX_ELEMENTS)) {
    if (element.id === TRACKS) readTracks(file, element, pixelAspectRatios);
    if (element.id === CLUSTER && hasBlocks(file, element)) return { pixelAspectRatios };
    position = element.end ?? file.size;
  }
  // Otherwise the walk stopped early and proves nothing.
  if (position >= (segment.end ?? file.size)) {
    throw new NotAVideoError('not-a-video', 'the file has a video header but no video data');
  }
  return { pixelAspectRatios };
}

function findSegment(file: ReadableFile): EbmlElement | null {
  const header = readElement(file, 0);
  if (header?.end === null || header === null) return null;
  const segment = readElement(file, header.end);
  return segment?.id === SEGMENT ? segment : null;
}

function hasBlocks(file: ReadableFile, cluster: EbmlElement): boolean {
  for (const { id, contentStart } of elementsFrom(file, cluster.contentStart, cluster.end ?? file.size, 64)) {
    if (BLOCKS.has(id) && contentStart < file.size) return true;
  }
  return false;
}

function readTracks(file: ReadableFile, tracks: EbmlElement, ratios: Map<number, number>): void {
  for (const entry of childrenOf(file, tracks)) {
    if (entry.id !== TRACK_ENTRY) continue;
    let number = 0;
    let ratio: number | null = null;
    for (const child of childrenOf(file, entry)) {
      if (child.id === TRACK_NUMBER) number = readUnsigned(file, child);
      if (child.id === VIDEO) ratio = readRatio(file, child);
    }
    if (ratio !== null) ratios.set(number, ratio);
  }
}

/** RFC 9559, 5.1.4.1.28: a missing display size equals the pixel size. */
function readRatio(file: ReadableFile, video: EbmlElement): number | null {
  const values = new Map<number, number>();
  for (const child of childrenOf(file, video)) {
    if (!values.has(child.id)) values.set(child.id, readUnsigned(file, child));
  }
  const width = values.get(PIXEL_WIDTH) ?? 0;
  const height = values.get(PIXEL_HEIGHT) ?? 0;
  if (width === 0 || height === 0) return null;
  if ((values.get(DISPLAY_UNIT) ?? 0) >= UNKNOWN_UNIT) return 1;
  const shownWidth = values.get(DISPLAY_WIDTH) || width;
  const shownHeight = values.get(DISPLAY_HEIGHT) || height;
  return (shownWidth * height) / (shownHeight * width);
}

function childrenOf(file: ReadableFile, { contentStart, end }: EbmlElement): Generator<EbmlElement> {
  return elementsFrom(file, contentStart, end ?? contentStart, MAX_ELEMENTS);
}
