import type { AudioTrack, MediaInfo, MediaInfoResult, VideoTrack } from 'mediainfo.js';
import { codecName } from './codec-names.js';
import { displaySize, exactRatio } from './display-size.js';
import { ProbeFailedError } from './errors.js';
import { plausibleDuration } from './plausible.js';
import type { ReadableFile } from './readable-file.js';
import type { Found, Known } from './read-with-mediabunny.js';
import { wasmMemoryWasRefused } from './wasm-memory.js';

const CHUNK_BYTES = 64 * 1024;

const STILL_FORMATS: ReadonlySet<string> = new Set(['JPEG', 'PNG', 'BMP']);

let instance: Promise<MediaInfo> | null = null;

/**
 * Loads the WebAssembly module with the first file that needs it; many processes never do.
 *
 * @throws ProbeFailedError (`unavailable`) if it cannot be loaded, which is not the fault of the file
 */
async function mediaInfo(): Promise<MediaInfo> {
  instance ??= import('mediainfo.js').then(({ mediaInfoFactory }) =>
    mediaInfoFactory({ format: 'object', chunkSize: CHUNK_BYTES }),
  );
  try {
    return await instance;
  } catch (error) {
    instance = null;
    throw new ProbeFailedError('unavailable', `MediaInfo could not be loaded: ${String(error)}`, {
      cause: error,
    });
  }
}

/**
 * Reads the formats that mediabunny does not support. The module sees only the bytes passed to it: it has no file
 * system and no network, so references in a file cannot be followed.
 *
 * @returns null if there is no video track with a size
 */
export async function readWithMediaInfo(file: ReadableFile, known: Known): Promise<Found | null> {
  const { media } = await analyze(file);
  const tracks = media?.track ?? [];
  const videos = tracks.filter((track): track is VideoTrack => track['@type'] === 'Video');
  const video = videos.find(({ ID }) => Number(ID) === known.trackId) ?? videos.find(isFilm) ?? videos[0];
  const audio = tracks.find((track): track is AudioTrack => track['@type'] === 'Audio');
  if (!video?.Width || !video.Height) return null;
  const general = tracks.find((track) => track['@type'] === 'General');
  return {
    videoCodec: known.coding ? codecName(known.coding.codec) : videoCodecOf(video),
    audioCodec: audioCodecOf(audio),
    ...displaySize({
      codedWidth: known.coding?.width ?? video.Width,
      codedHeight: known.coding?.height ?? video.Height,
      pixelAspectRatio: known.pixelAspectRatios.get(Number(video.ID)) ?? pixelAspectRatioOf(video),
      rotation: Math.round(Number(video.Rotation ?? 0)),
    }),
    duration:
      plausibleDuration(known.duration) ??
      longest(video.Duration, audio?.Duration) ??
      plausibleDuration(general?.Duration),
  };
}

/** A still image before the film has one picture; without a count, its format is an image format. */
function isFilm({ FrameCount, Format }: VideoTrack): boolean {
  if (FrameCount !== undefined) return FrameCount > 1;
  return !STILL_FORMATS.has(Format ?? '');
}

/** @throws ProbeFailedError (`out-of-memory`) if the module exceeds its memory limit */
async function analyze(file: ReadableFile): Promise<MediaInfoResult> {
  const parser = await mediaInfo();
  try {
    const found = await parser.analyzeData(file.size, (size, offset) => file.read(offset, offset + size));
    // The module coped without the memory, but keeps what it has allocated, so a fresh one replaces it.
    if (wasmMemoryWasRefused()) instance = null;
    return found;
  } catch (error) {
    if (!wasmMemoryWasRefused()) throw error;
    // The module has aborted.
    instance = null;
    throw new ProbeFailedError('out-of-memory', 'Reading the file took more memory than allowed', {
      cause: error,
    });
  }
}

/**
 * For code 12 of MPEG-1, ISO/IEC 11172-2 specifies 1.0950, but MediaInfo divides by 1.1250. Of narrow pictures it rounds the
 * display aspect ratio first, so the pixel aspect ratio is not exactly 8/9; those of the other codes are far from it.
 */
function pixelAspectRatioOf(video: VideoTrack): number {
  const ratio = exactRatio(video.PixelAspectRatio ?? 1);
  const isCode12 = Math.abs(ratio - 8 / 9) < 0.01;
  return isCode12 && videoCodecOf(video) === 'mpeg1video' ? 1 / 1.095 : ratio;
}

function videoCodecOf({ Format, Format_Version }: VideoTrack): string | null {
  // "MPEG Video" covers two codecs that differ only in the version.
  return codecName(Format === 'MPEG Video' ? `${Format} ${Format_Version}` : Format);
}

function audioCodecOf(track: AudioTrack | undefined): string | null {
  if (track?.Format === 'MPEG Audio')
    return codecName(`${track.Format} ${track.Format_Profile ?? 'Layer 3'}`);
  if (track?.Format === 'WMA') return codecName(`${track.Format} ${track.Format_Version ?? 2}`);
  return codecName(track?.Format);
}

function longest(...durations: (number | undefined)[]): number | null {
  const known = durations.map(plausibleDuration).filter((duration) => duration !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
