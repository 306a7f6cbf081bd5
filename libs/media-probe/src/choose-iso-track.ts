import { codecName } from './codec-names.js';
import { NotAVideoError } from './errors.js';
import { findFragmentedTrack } from './iso-fragments.js';
import type { IsoHeader } from './iso-header.js';
import type { IsoVideoTrack } from './iso-track.js';
import { mpegPixelAspectRatio } from './mpeg-headers.js';
import type { ReadableFile } from './readable-file.js';

/** Size of a sequence header with its extension and two matrices. */
const MAX_STREAM_HEADER_BYTES = 512;

/**
 * Chooses the track that a player shows; still images and empty tracks before it are skipped.
 *
 * @returns null if there is no video track
 * @throws NotAVideoError if the video data is not completely in the file
 */
export function chooseIsoTrack(file: ReadableFile, header: IsoHeader): IsoVideoTrack | null {
  const { videoTracks, isReference, boxes } = header;
  const here = videoTracks.filter((track) => !track.isElsewhere);
  if (here.length === 0) {
    if (videoTracks.length === 0 && !isReference) return null;
    throw new NotAVideoError('not-a-video', 'the file references another file for its video data');
  }
  const fragmented = findFragmentedTrack(file, boxes, new Set(here.map(({ id }) => id)));
  const rank = ({ id, samples, isEnabled }: IsoVideoTrack): number =>
    (fragmented.has(id) || samples.count > 1 ? 4 : 0) + (samples.count > 0 ? 2 : 0) + (isEnabled ? 1 : 0);
  const [chosen] = here
    .filter(({ id, samples }) => samples.count > 0 || fragmented.has(id))
    .toSorted((one, other) => rank(other) - rank(one));
  if (!chosen) {
    throw new NotAVideoError('not-a-video', 'the file has a video header but no video data');
  }
  if (chosen.samples.end > file.size) {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its media data');
  }
  return chosen;
}

/** Width of a pixel divided by its height, by FFmpeg's precedence: sample entry, track header, stream. */
export function pixelAspectRatioOf(file: ReadableFile, { entry, shown, samples }: IsoVideoTrack): number {
  const { container = null, stream = null } = entry?.pixelAspectRatio ?? {};
  if (container !== null) return container;
  if (shown && shown.stretch > 0 && Number.isFinite(shown.stretch) && Math.abs(shown.stretch - 1) > 0.01) {
    return shown.stretch;
  }
  const differs = entry && shown && (entry.width !== shown.width || entry.height !== shown.height);
  if (differs && entry.width > 0) return (entry.height * shown.width) / (entry.width * shown.height);
  return stream ?? ratioOfFirstPicture(file, entry, samples) ?? 1;
}

/** MPEG-1 and MPEG-2 have their headers only before the pictures. */
function ratioOfFirstPicture(
  file: ReadableFile,
  entry: IsoVideoTrack['entry'],
  { start }: IsoVideoTrack['samples'],
): number | null {
  const name = entry && codecName(entry.codec);
  if (start === null || (name !== 'mpeg1video' && name !== 'mpeg2video')) return null;
  return mpegPixelAspectRatio(file.read(start, start + MAX_STREAM_HEADER_BYTES));
}
