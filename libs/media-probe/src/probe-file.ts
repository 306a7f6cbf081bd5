import { CONTAINERS } from './containers.js';
import { assertWholeSegment } from './ebml-length.js';
import { NotAVideoError, ProbeFailedError } from './errors.js';
import { readIsoHeader } from './iso-header.js';
import { LocalFile } from './local-file.js';
import { MemoryFile } from './memory-file.js';
import { isMediabunnyContainer, readWithMediabunny, type Found, type Known } from './read-with-mediabunny.js';
import { readWithMediaInfo } from './read-with-mediainfo.js';
import type { ReadableFile } from './readable-file.js';
import { sniff, SNIFF_BYTES } from './sniff.js';
import type { Container, VideoProbe } from './video-probe.js';

const ISO_CONTAINERS: ReadonlySet<Container> = new Set(['mp4', 'mov', '3gp']);
const NOTHING_KNOWN: Known = { duration: null, chapterTrackIds: new Set() };

/**
 * Reads one file in this very thread, without a time limit.
 *
 * @param source path of the file, or its bytes
 * @param maxReadBytes see {@link LocalFile}
 * @throws NotAVideoError, ProbeFailedError, or the system's error where the file cannot be opened or read
 */
export async function probeFile(source: string | Uint8Array, maxReadBytes: number): Promise<VideoProbe> {
  const file = typeof source === 'string' ? new LocalFile(source, maxReadBytes) : new MemoryFile(source);
  try {
    return await probeOpenFile(file);
  } finally {
    file.close();
  }
}

async function probeOpenFile(file: ReadableFile): Promise<VideoProbe> {
  if (file.size === 0) throw new NotAVideoError('empty', 'the file is empty');
  const sniffed = sniff(file.read(0, SNIFF_BYTES));
  if ('notAVideo' in sniffed) throw new NotAVideoError('not-a-video', `the file is ${sniffed.notAVideo}`);
  const { container } = sniffed;
  const { label, mimeType, extension } = CONTAINERS[container];
  const found = await readTracks(file, container);
  if (!found || !(found.width > 0 && found.height > 0)) {
    throw new NotAVideoError('not-a-video', `the file is ${label} without a video track`);
  }
  return { container, mimeType, extension, ...found };
}

async function readTracks(file: ReadableFile, container: Container): Promise<Found | null> {
  if (container === 'matroska' || container === 'webm') assertWholeSegment(file);
  const known = ISO_CONTAINERS.has(container) ? readIsoHeader(file) : NOTHING_KNOWN;
  if (isMediabunnyContainer(container)) {
    const found = await orUndefined(readWithMediabunny(file, container, known));
    if (found) return found;
    // A transport stream may carry MPEG-2 video, which only MediaInfo recognises.
    if (found === null && container !== 'mpeg-ts') return null;
  }
  const found = await orUndefined(readWithMediaInfo(file));
  if (found === undefined) {
    throw new NotAVideoError(
      'not-a-video',
      `the file begins like ${CONTAINERS[container].label} and is damaged`,
    );
  }
  return found;
}

/** What a parser found, or undefined where it threw at the bytes, so that the next one has a look. */
async function orUndefined(reading: Promise<Found | null>): Promise<Found | null | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isAboutTheBytes(error)) return undefined;
    throw error;
  }
}

/** A limit that was reached, or a failed system call, says nothing about what the file is. */
function isAboutTheBytes(error: unknown): boolean {
  return !(error instanceof ProbeFailedError || (error instanceof Error && 'syscall' in error));
}
