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

const PROGRAM_STREAMS: ReadonlySet<string> = new Set('mpeg vob svcd dvd'.split(' '));
/** The most that was seen. */
const DELAYED_FRAMES = 8;
/** 4096 samples at 22 050 Hz, and a video frame at 100 per second. */
const PADDED_BLOCK_SECONDS = 0.196;

function framesPerSecond(rate: string): number {
  const [frames = 0, seconds = 1] = rate.split('/').map(Number);
  return frames / seconds;
}

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
    reason:
      'an unfinished AVI or ASF file has no duration: ffprobe guesses it from a bit rate, we return null',
    appliesTo: ({ muxer, isPiped }) => (muxer === 'avi' || muxer === 'wmv') && isPiped,
    holds: (ours) => ours !== null && ours.duration === null,
    example: { ...EXAMPLE, muxer: 'avi', video: 'mpeg4', isPiped: true },
  },
  {
    what: 'duration',
    reason:
      'an open MXF file has no duration: ffprobe guesses or finds none, MediaInfo counts frames or finds none',
    appliesTo: ({ muxer, isPiped }) => muxer === 'mxf' && isPiped,
    holds: (ours, _, { seconds }) =>
      ours !== null && (ours.duration === null || isNear(ours.duration, seconds)),
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
    what: 'duration',
    reason: 'MediaInfo adds delayed frames to the last time stamp of H.264 in a program stream',
    appliesTo: ({ muxer, video }) => PROGRAM_STREAMS.has(muxer) && video.startsWith('h264'),
    holds: (ours, _, { seconds, rate }) =>
      isNear(ours?.duration, seconds, DELAYED_FRAMES / framesPerSecond(rate)),
    example: {
      ...EXAMPLE,
      muxer: 'vob',
      size: { width: 96, height: 90 },
      rate: '30',
      keyInterval: 250,
    },
  },
  {
    what: 'duration',
    reason: 'the last block of ADPCM in Flash Video is padded to 4096 samples: MediaInfo counts it whole',
    appliesTo: ({ muxer, audio }) => muxer === 'flv' && audio === 'swf',
    holds: (ours, oracle) => isNear(ours?.duration, oracle?.duration, PADDED_BLOCK_SECONDS),
    example: {
      ...EXAMPLE,
      muxer: 'flv',
      video: 'flashsv',
      audio: 'swf',
      layout: 'without duration',
      size: { width: 112, height: 64 },
      rate: '24000/1001',
      seconds: 0.4,
      keyInterval: 1,
      isPiped: true,
    },
  },
  {
    what: 'duration',
    reason: 'the first 312 samples of Opus are not played (RFC 7845, pre-skip): ffprobe counts them in Ogg',
    appliesTo: ({ muxer, audio }) => muxer === 'ogv' && audio === 'opus',
    holds: (ours, oracle) => isNear(ours?.duration, oracle?.duration, 0.007),
    example: {
      ...EXAMPLE,
      muxer: 'ogv',
      video: 'theora',
      audio: 'opus',
      layout: 'long pages',
      size: { width: 160, height: 128 },
      rate: '30',
      seconds: 0.4,
      keyInterval: 12,
    },
  },
  {
    what: 'duration',
    reason:
      'without an edit list, the first picture of fragments with B-frames begins two frames late: ' +
      'we count from zero, ffprobe from that picture',
    appliesTo: ({ video, layout }) => video === 'h264-bframes' && FRAGMENTED.has(layout),
    holds: (ours, oracle, { rate }) => isNear(ours?.duration, oracle?.duration, 3 / framesPerSecond(rate)),
    example: {
      ...EXAMPLE,
      muxer: 'mov',
      video: 'h264-bframes',
      layout: 'fragmented',
      size: { width: 64, height: 160 },
      seconds: 1,
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
