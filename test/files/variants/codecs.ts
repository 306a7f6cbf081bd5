/** ffmpeg options for the video of a variant, and the limits of the encoder. */
export interface VideoCoding {
  args: readonly string[];
  /** The only supported sizes. Default: any even size. */
  sizes?: readonly Size[];
  /** The only supported frame rates. */
  rates?: readonly string[];
  /** Whether sides may be odd. */
  takesOddSides?: boolean;
}

export interface Size {
  width: number;
  height: number;
}

const size = (width: number, height: number): Size => ({ width, height });
const H263_SIZES = [size(128, 96), size(176, 144)];
const PAL = { sizes: [size(720, 576)], rates: ['25'] };
const yuv420p = ['-pix_fmt', 'yuv420p'];
const HEVC = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', ...yuv420p];

/** By name in the variants; two names may produce the same codec. */
export const VIDEO_CODINGS = {
  h264: { args: ['-c:v', 'libx264', '-preset', 'ultrafast', ...yuv420p] },
  'h264-bframes': { args: ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', ...yuv420p] },
  'h264-444': {
    args: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv444p'],
    takesOddSides: true,
  },
  'h264-interlaced': {
    args: ['-c:v', 'libx264', '-preset', 'ultrafast', '-flags', '+ildct+ilme', ...yuv420p],
    sizes: [size(192, 112), size(320, 180), size(48, 64)],
  },
  hevc: { args: HEVC },
  /** In AVI, for which ffmpeg knows no tag. */
  'hevc-tagged': { args: [...HEVC, '-tag:v', 'HEVC'] },
  hvc1: { args: [...HEVC, '-tag:v', 'hvc1'] },
  av1: {
    args: [
      '-c:v',
      'libaom-av1',
      '-usage',
      'realtime',
      '-cpu-used',
      '8',
      '-crf',
      '50',
      '-b:v',
      '0',
      ...yuv420p,
    ],
  },
  vp8: {
    args: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '100k', ...yuv420p],
    takesOddSides: true,
  },
  vp9: {
    args: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '100k', ...yuv420p],
    takesOddSides: true,
  },
  mpeg4: { args: ['-c:v', 'mpeg4', ...yuv420p], takesOddSides: true },
  xvid: { args: ['-c:v', 'mpeg4', '-tag:v', 'xvid', '-bf', '2', ...yuv420p] },
  mpeg1video: { args: ['-c:v', 'mpeg1video', ...yuv420p], rates: ['25', '30'] },
  mpeg2video: { args: ['-c:v', 'mpeg2video', ...yuv420p], rates: ['25', '30000/1001'] },
  'mpeg2video-422': { args: ['-c:v', 'mpeg2video', '-pix_fmt', 'yuv422p'], rates: ['25'] },
  h263: { args: ['-c:v', 'h263', ...yuv420p], sizes: H263_SIZES },
  mjpeg: { args: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'], takesOddSides: true },
  prores: { args: ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'] },
  dnxhr: {
    args: ['-c:v', 'dnxhd', '-profile:v', 'dnxhr_lb', '-pix_fmt', 'yuv422p'],
    sizes: [size(256, 144)],
  },
  ffv1: { args: ['-c:v', 'ffv1', ...yuv420p], takesOddSides: true },
  huffyuv: { args: ['-c:v', 'huffyuv', '-pix_fmt', 'yuv422p'] },
  utvideo: { args: ['-c:v', 'utvideo', ...yuv420p] },
  png: { args: ['-c:v', 'png', '-pix_fmt', 'rgb24'], takesOddSides: true },
  qtrle: { args: ['-c:v', 'qtrle', '-pix_fmt', 'rgb24'] },
  rawvideo: { args: ['-c:v', 'rawvideo', '-pix_fmt', 'uyvy422'], sizes: [size(64, 48)] },
  svq1: { args: ['-c:v', 'svq1', '-pix_fmt', 'yuv410p'] },
  cinepak: { args: ['-c:v', 'cinepak', '-pix_fmt', 'rgb24'], sizes: [size(64, 48)] },
  dv: { args: ['-c:v', 'dvvideo', ...yuv420p], ...PAL },
  'dv-ntsc': {
    args: ['-c:v', 'dvvideo', '-pix_fmt', 'yuv411p'],
    sizes: [size(720, 480)],
    rates: ['30000/1001'],
  },
  jpeg2000: { args: ['-c:v', 'jpeg2000', ...yuv420p] },
  theora: {
    args: ['-c:v', 'libtheora', '-q:v', '3', ...yuv420p],
    sizes: [size(64, 48), size(160, 128), size(202, 90)],
  },
  wmv1: { args: ['-c:v', 'wmv1', ...yuv420p] },
  wmv2: { args: ['-c:v', 'wmv2', ...yuv420p] },
  msmpeg4: { args: ['-c:v', 'msmpeg4', ...yuv420p] },
  msmpeg4v2: { args: ['-c:v', 'msmpeg4v2', ...yuv420p] },
  flv1: { args: ['-c:v', 'flv', ...yuv420p] },
  flashsv: { args: ['-c:v', 'flashsv', '-pix_fmt', 'bgr24'] },
  rv10: { args: ['-c:v', 'rv10', ...yuv420p], sizes: [size(176, 144), size(320, 240)] },
  rv20: { args: ['-c:v', 'rv20', ...yuv420p], sizes: [size(176, 144), size(320, 240)] },
  'mpeg2video-pal': { args: ['-c:v', 'mpeg2video', ...yuv420p], ...PAL },
  'mjpeg-pal': { args: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj422p'], ...PAL },
} as const satisfies Record<string, VideoCoding>;

export type VideoName = keyof typeof VIDEO_CODINGS;

export const AUDIO_CODINGS = {
  none: ['-an'],
  aac: ['-c:a', 'aac', '-b:a', '32k'],
  mp3: ['-c:a', 'libmp3lame', '-b:a', '64k', '-ar', '44100'],
  mp2: ['-c:a', 'mp2', '-b:a', '64k'],
  ac3: ['-c:a', 'ac3', '-b:a', '96k'],
  eac3: ['-c:a', 'eac3', '-b:a', '96k'],
  opus: ['-c:a', 'libopus', '-b:a', '32k'],
  vorbis: ['-c:a', 'libvorbis'],
  flac: ['-c:a', 'flac'],
  alac: ['-c:a', 'alac'],
  pcm: ['-c:a', 'pcm_s16le'],
  'pcm-be': ['-c:a', 'pcm_s16be'],
  adpcm: ['-c:a', 'adpcm_ms', '-ar', '22050'],
  wmav1: ['-c:a', 'wmav1', '-b:a', '64k'],
  wmav2: ['-c:a', 'wmav2', '-b:a', '64k'],
  swf: ['-c:a', 'adpcm_swf', '-ar', '22050'],
  nellymoser: ['-c:a', 'nellymoser', '-ar', '11025', '-ac', '1'],
} as const satisfies Record<string, readonly string[]>;

export type AudioName = keyof typeof AUDIO_CODINGS;
