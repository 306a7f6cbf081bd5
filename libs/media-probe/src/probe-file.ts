import { assertWhole } from './assert-whole.js';
import { CONTAINERS } from './containers.js';
import { chooseIsoTrack, pixelAspectRatioOf } from './choose-iso-track.js';
import { NotAVideoError, ProbeFailedError } from './errors.js';
import { readIsoHeader } from './iso-header.js';
import { readMatroskaHeader } from './matroska-header.js';
import { isOutOfMemory } from './out-of-memory.js';
import { isMediabunnyContainer, readWithMediabunny, type Found, type Known } from './read-with-mediabunny.js';
import { readOggVp8 } from './read-ogg-vp8.js';
import { readWithMediaInfo } from './read-with-mediainfo.js';
import { readOggDuration } from './ogg-streams.js';
import { OffsetFile } from './offset-file.js';
import { isPlausibleSide, plausibleDuration } from './plausible.js';
import type { ReadableFile } from './readable-file.js';
import { sniff } from './sniff.js';
import type { Container, VideoProbe } from './video-probe.js';

const ISO_CONTAINERS: ReadonlySet<Container> = new Set(['mp4', 'mov', '3gp', '3g2']);
const NOTHING_KNOWN: Known = { duration: null, trackId: null, coding: null, pixelAspectRatios: new Map() };

/**
 * Reads one file in this thread, without a time limit, and closes it.
 *
 * @throws NotAVideoError, ProbeFailedError, or the system's error if the file cannot be read
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
  const sniffed = sniff(file);
  if ('notAVideo' in sniffed) throw new NotAVideoError('not-a-video', `the file is ${sniffed.notAVideo}`);
  const { container, start = 0 } = sniffed;
  const { label, mimeType, extension } = CONTAINERS[container];
  const found = await readTracks(start > 0 ? new OffsetFile(file, start) : file, container);
  if (found && !(isPlausibleSide(found.width) && isPlausibleSide(found.height))) {
    throw new NotAVideoError('not-a-video', `the file is ${label} with an invalid picture size`);
  }
  if (!found) {
    throw new NotAVideoError('not-a-video', `the file is ${label} without a video track`);
  }
  return { container, mimeType, extension, ...found };
}

async function readTracks(file: ReadableFile, container: Container): Promise<Found | null> {
  const known = readHeader(file, container);
  // No parser can find more than the header describes, and some fail on the rest of such a file.
  if (!known) return null;
  if (isMediabunnyContainer(container)) {
    const found = await orUndefined(readWithMediabunny(file, container, known));
    if (found) return found;
    // With an index of the file, mediabunny finds as much as MediaInfo: a file with only audio is not a video.
    if (found === null && container !== 'mpeg-ts' && known.trackId === null) return null;
  }
  const found = await orUndefined(readWithMediaInfo(file, known));
  if (!found && container === 'ogg') return readOggVp8(file, known.duration);
  if (found === undefined) {
    throw new NotAVideoError(
      'not-a-video',
      `the file starts like ${CONTAINERS[container].label} but is damaged`,
    );
  }
  return found;
}

/**
 * Reads the facts in the header of a file before any parser runs.
 *
 * @returns null if the header shows that there is no video track
 * @throws NotAVideoError if the header shows that the video is incomplete
 */
function readHeader(file: ReadableFile, container: Container): Known | null {
  if (container === 'matroska' || container === 'webm')
    return { ...NOTHING_KNOWN, ...readMatroskaHeader(file) };
  assertWhole(file, container);
  if (container === 'ogg') return { ...NOTHING_KNOWN, duration: plausibleDuration(readOggDuration(file)) };
  if (!ISO_CONTAINERS.has(container)) return NOTHING_KNOWN;
  const header = readIsoHeader(file);
  const track = chooseIsoTrack(file, header);
  if (!track) return null;
  const { id, entry, entryCount } = track;
  return {
    duration: header.duration,
    trackId: id,
    coding: entry && (entryCount > 1 || entry.codec !== entry.type) ? entry : null,
    pixelAspectRatios: new Map([[id, pixelAspectRatioOf(file, track)]]),
  };
}

/** Returns the result of a parser, or undefined if it failed on the bytes, so that the next parser is tried. */
async function orUndefined(reading: Promise<Found | null>): Promise<Found | null | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isAboutTheBytes(error)) return undefined;
    throw error;
  }
}

/** Whether an error is about the bytes of the file, rather than about a limit or a system call. */
function isAboutTheBytes(error: unknown): boolean {
  if (error instanceof ProbeFailedError || isOutOfMemory(error)) return false;
  return !(error instanceof Error && 'syscall' in error);
}
