import type { VideoProbe } from '#libs/media-probe';
import type { Difference } from '../compare.js';
import type { Oracle } from '../ffprobe.js';
import { FRAGMENTED } from './muxers.js';
import type { Variant } from './variant.js';

/** A known difference from ffprobe. */
export interface Exception {
  what: Difference;
  reason: string;
  appliesTo: (variant: Variant) => boolean;
  /** Condition that the answer has to meet instead. */
  holds: (ours: VideoProbe | null, oracle: Oracle | null, variant: Variant) => boolean;
  /** A file that proves the need for the exception. */
  example: Variant;
}

/** One video frame at ten per second, and some audio. */
const FRAME_SECONDS = 0.15;
const UNTIMED: ReadonlySet<string> = new Set('ts mpeg vob svcd dvd flv wmv avi'.split(' '));

const READ_BY_MEDIAINFO: ReadonlySet<string> = new Set(
  'avi wmv flv ts mpeg vob svcd dvd ogv mxf gxf dv rm'.split(' '),
);

const EXAMPLE: Variant = {
  muxer: 'mkv',
  video: 'h264',
  audio: 'none',
  layout: 'plain',
  size: { width: 64, height: 48 },
  pixels: '1',
  turns: 0,
  rate: '10',
  seconds: 0.8,
  keyInterval: 5,
  isPiped: false,
};

const isNear = (
  one: number | null | undefined,
  other: number | null | undefined,
  tolerance = FRAME_SECONDS,
): boolean => typeof one === 'number' && typeof other === 'number' && Math.abs(one - other) <= tolerance;
const isMatroska = ({ muxer }: Variant): boolean => muxer === 'mkv' || muxer === 'webm';

export const EXCEPTIONS: readonly Exception[] = [
  {
    what: 'duration',
    reason: 'a live Matroska file has no duration: ffprobe guesses or finds none, we read its time stamps',
    appliesTo: (variant) => isMatroska(variant) && (variant.isPiped || variant.layout === 'live'),
    holds: (ours, _, { seconds }) => isNear(ours?.duration, seconds),
    example: { ...EXAMPLE, layout: 'live' },
  },
  {
    what: 'duration',
    reason: 'an unfinished AVI file has no duration: ffprobe guesses minutes from a bit rate, we return null',
    appliesTo: ({ muxer, isPiped }) => muxer === 'avi' && isPiped,
    holds: (ours) => ours !== null && ours.duration === null,
    example: { ...EXAMPLE, muxer: 'avi', video: 'mpeg4', isPiped: true },
  },
  {
    what: 'duration',
    reason: 'an open MXF file has no duration: ffprobe finds none, MediaInfo counts frames',
    appliesTo: ({ muxer, isPiped }) => muxer === 'mxf' && isPiped,
    holds: (ours, _, { seconds }) => isNear(ours?.duration, seconds),
    example: { ...EXAMPLE, muxer: 'mxf', video: 'mpeg2video', rate: '25', isPiped: true },
  },
  {
    what: 'duration',
    reason: 'the duration of the last frame is not stored: one reader counts it, the other does not',
    appliesTo: ({ muxer }) => UNTIMED.has(muxer),
    holds: (ours, oracle) => isNear(ours?.duration, oracle?.duration),
    example: { ...EXAMPLE, muxer: 'vob', video: 'mpeg2video', rate: '25' },
  },
  {
    what: 'duration',
    reason: 'the writer guesses the duration of the last frame of a fragment, and only one reader counts it',
    appliesTo: ({ layout }) => FRAGMENTED.has(layout),
    holds: (ours, oracle) => isNear(ours?.duration, oracle?.duration),
    example: {
      ...EXAMPLE,
      muxer: '3gp',
      video: 'h263',
      audio: 'aac',
      layout: 'late header',
      size: { width: 176, height: 144 },
      rate: '24000/1001',
      seconds: 1,
      keyInterval: 250,
    },
  },
  {
    what: 'duration',
    reason:
      'ffmpeg lists the first ADPCM samples of a fragmented QuickTime file in its header, too, without sizes: ' +
      'MediaInfo counts them twice',
    appliesTo: ({ muxer, audio, layout }) => muxer === 'mov' && audio === 'adpcm' && FRAGMENTED.has(layout),
    holds: (ours, oracle) => {
      const [own, right] = [ours?.duration ?? 0, oracle?.duration ?? Infinity];
      return own >= right && own <= 2 * right + FRAME_SECONDS;
    },
    example: {
      ...EXAMPLE,
      muxer: 'mov',
      video: 'mpeg2video',
      audio: 'adpcm',
      layout: 'late header',
      size: { width: 90, height: 112 },
      rate: '30000/1001',
      seconds: 0.4,
      keyInterval: 12,
    },
  },
  {
    what: 'duration',
    reason: 'MediaInfo adds delayed frames to the last time stamp of Flash Video without metadata',
    appliesTo: ({ muxer, video }) => muxer === 'flv' && video === 'h264-bframes',
    holds: (ours, oracle) => isNear(ours?.duration, oracle?.duration, 4 * FRAME_SECONDS),
    example: {
      ...EXAMPLE,
      muxer: 'flv',
      video: 'h264-bframes',
      audio: 'swf',
      layout: 'without metadata',
      seconds: 0.4,
      keyInterval: 12,
      isPiped: true,
    },
  },
  {
    what: 'size',
    reason: 'MediaInfo rounds the pixel aspect ratio to three places, which may shift the width by a pixel',
    appliesTo: ({ muxer }) => READ_BY_MEDIAINFO.has(muxer),
    holds: (ours, oracle) =>
      ours !== null &&
      oracle !== null &&
      ours.height === oracle.height &&
      Math.abs(ours.width - oracle.width) <= 1,
    example: {
      ...EXAMPLE,
      muxer: 'mxf',
      video: 'jpeg2000',
      size: { width: 202, height: 16 },
      pixels: '8/9',
      seconds: 0.4,
      keyInterval: 1,
      isPiped: true,
    },
  },
  {
    what: 'verdict',
    reason: 'MediaInfo finds no size in GXF with Motion JPEG, a format of disk recorders before 2000',
    appliesTo: ({ muxer, video }) => muxer === 'gxf' && video === 'mjpeg-pal',
    holds: (ours) => ours === null,
    example: { ...EXAMPLE, muxer: 'gxf', video: 'mjpeg-pal', size: { width: 720, height: 576 }, rate: '25' },
  },
];

export function exceptionFor(what: Difference, variant: Variant): readonly Exception[] {
  return EXCEPTIONS.filter((exception) => exception.what === what && exception.appliesTo(variant));
}
