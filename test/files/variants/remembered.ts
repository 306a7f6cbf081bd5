import type { Variant } from './variant.js';

const USUAL = { pixels: '1', turns: 0, seconds: 0.4, keyInterval: 5, isPiped: false } as const;

/** Files that once got a wrong answer. They run before those of the seed. */
export const REMEMBERED: readonly Variant[] = [
  // Fields were counted as frames.
  {
    ...USUAL,
    muxer: 'ts',
    video: 'h264-interlaced',
    audio: 'ac3',
    layout: 'plain',
    size: { width: 320, height: 180 },
    rate: '25',
  },
  // Heights were rounded for narrow pixels.
  {
    ...USUAL,
    muxer: 'ts',
    video: 'hevc',
    audio: 'none',
    layout: 'm2ts',
    size: { width: 160, height: 90 },
    pixels: '8/9',
    rate: '30000/1001',
  },
  // The aspect ratio table of MPEG-1 differed from that of MediaInfo.
  {
    ...USUAL,
    muxer: 'mpeg',
    video: 'mpeg1video',
    audio: 'none',
    layout: 'plain',
    size: { width: 180, height: 144 },
    pixels: '8/9',
    rate: '25',
  },
  // The same for narrow pictures, whose ratio MediaInfo rounds twice.
  {
    ...USUAL,
    muxer: 'mpeg',
    video: 'mpeg1video',
    audio: 'mp3',
    layout: 'plain',
    size: { width: 96, height: 320 },
    pixels: '10/11',
    rate: '30',
  },
  // The duration was null.
  {
    ...USUAL,
    muxer: 'ogv',
    video: 'vp8',
    audio: 'none',
    layout: 'plain',
    size: { width: 96, height: 64 },
    rate: '25',
  },
];
