import { CONTAINERS } from './containers.js';
import { assertWholeSegment } from './ebml-length.js';
import { NotAVideoError, ProbeFailedError } from './errors.js';
import { readIsoHeader, type IsoHeader } from './iso-header.js';
import { isOutOfMemory } from './out-of-memory.js';
import { isMediabunnyContainer, readWithMediabunny, type Found } from './read-with-mediabunny.js';
import { readWithMediaInfo } from './read-with-mediainfo.js';
import { isPlausibleSide } from './plausible.js';
import type { ReadableFile } from './readable-file.js';
import { sniff, SNIFF_BYTES } from './sniff.js';
import type { Container, VideoProbe } from './video-probe.js';

const ISO_CONTAINERS: ReadonlySet<Container> = new Set(['mp4', 'mov', '3gp']);
const NOTHING_KNOWN: IsoHeader = { duration: null, hasTracks: true, chapterTrackIds: new Set() };

/**
 * Reads one file in this very thread, without a time limit, and closes it.
 *
 * @throws NotAVideoError, ProbeFailedError, or the system's error where the file cannot be read
 */
export async function probeFile(file: ReadableFile): Promise<VideoProbe> {
  try {
    return await probeOpenFile(file);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    throw new ProbeFailedError('out-of-memory', 'Reading the file took more memory than allowed', {
      cause: error,
    });
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
  if (found && !(isPlausibleSide(found.width) && isPlausibleSide(found.height))) {
    throw new NotAVideoError('not-a-video', `the file is ${label} whose pictures have no possible size`);
  }
  if (!found) {
    throw new NotAVideoError('not-a-video', `the file is ${label} without a video track`);
  }
  return { container, mimeType, extension, ...found };
}

async function readTracks(file: ReadableFile, container: Container): Promise<Found | null> {
  if (container === 'matroska' || container === 'webm') assertWholeSegment(file);
  const known = ISO_CONTAINERS.has(container) ? readIsoHeader(file) : NOTHING_KNOWN;
  // No parser can find more than the header describes, and some come to grief over what else is in there.
  if (!known.hasTracks) return null;
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
  if (error instanceof ProbeFailedError || isOutOfMemory(error)) return false;
  return !(error instanceof Error && 'syscall' in error);
}
