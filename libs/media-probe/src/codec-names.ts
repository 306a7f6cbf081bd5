import { plausibleCodec } from './plausible.js';

/**
 * FFmpeg's short names for what containers and parsers call codecs. Keys are in lower case. Where a name is missing,
 * the one found in the file is passed on: an unusual codec is still a fact about the file.
 */
const NAMES: Readonly<Record<string, string>> = {
  // mediabunny
  avc: 'h264',
  // Sample entries of MP4 and QuickTime
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
  vp08: 'vp8',
  vp09: 'vp9',
  av01: 'av1',
  mp4v: 'mpeg4',
  'mp4v-20': 'mpeg4',
  s263: 'h263',
  jpeg: 'mjpeg',
  mjpa: 'mjpeg',
  mjpb: 'mjpegb',
  svq1: 'svq1',
  svq3: 'svq3',
  avdn: 'dnxhd',
  'm1v ': 'mpeg1video',
  m2v1: 'mpeg2video',
  samr: 'amr_nb',
  sawb: 'amr_wb',
  alac: 'alac',
  qdm2: 'qdm2',
  ima4: 'adpcm_ima_qt',
  // QuickTime wraps the format tags of WAV: "ms" and two bytes
  'ms\u0000\u0002': 'adpcm_ms',
  'ms\u0000\u0011': 'adpcm_ima_wav',
  'ms\u0000\u0055': 'mp3',
  'ms\u0000\u0050': 'mp2',
  'ms\u0020\u0000': 'ac3',
  // Codec ids of Matroska
  v_mpeg1: 'mpeg1video',
  v_mpeg2: 'mpeg2video',
  'v_mpeg4/iso/sp': 'mpeg4',
  'v_mpeg4/iso/asp': 'mpeg4',
  'v_mpeg4/iso/ap': 'mpeg4',
  v_theora: 'theora',
  v_mjpeg: 'mjpeg',
  v_prores: 'prores',
  v_ffv1: 'ffv1',
  a_ac3: 'ac3',
  a_eac3: 'eac3',
  a_dts: 'dts',
  a_truehd: 'truehd',
  'a_mpeg/l2': 'mp2',
  // MediaInfo
  'mpeg-4 visual': 'mpeg4',
  'mpeg video 1': 'mpeg1video',
  'mpeg video 2': 'mpeg2video',
  'sorenson spark': 'flv1',
  'h.263': 'h263',
  'vc-1': 'vc1',
  wmv1: 'wmv1',
  dv: 'dvvideo',
  'realvideo 1': 'rv10',
  'realvideo 2': 'rv20',
  'realvideo 3': 'rv30',
  'realvideo 4': 'rv40',
  'on2 vp6': 'vp6f',
  vp6: 'vp6f',
  'mpeg audio layer 2': 'mp2',
  'mpeg audio layer 3': 'mp3',
  'wma 1': 'wmav1',
  'wma 2': 'wmav2',
  'wma pro': 'wmapro',
  'ac-3': 'ac3',
  'e-ac-3': 'eac3',
};

/** @param name what a parser or a file calls the codec, in any case; null and the empty string are passed on as null */
export function codecName(name: string | null | undefined): string | null {
  const key = name?.toLowerCase();
  if (!key) return null;
  return NAMES[key] ?? plausibleCodec(key);
}
