import type { Container } from './video-probe.js';

/** Names, types and tested codecs of a container. */
export interface ContainerFacts {
  /** Name for headings. */
  name: string;
  /** Name with its article, for use in a sentence. */
  label: string;
  mimeType: string;
  extension: string;
  /** Tested codecs, by FFmpeg's names. Other codecs are accepted as well if a parser finds their size. */
  videoCodecs: readonly string[];
  readBy: string;
}

const ISO = 'mediabunny, else MediaInfo';
const MOBILE = ['h263', 'h264', 'mpeg4'];

/**
 * MIME types: RFC 4337 (MP4), RFC 3839 (3GPP), RFC 4393 (3GPP2), RFC 3555 (MPEG streams), RFC 5334 (Ogg), RFC 4539
 * (MXF), the WebM project. The `x-` types are not registered but used by browsers and servers.
 */
export const CONTAINERS: Readonly<Record<Container, ContainerFacts>> = {
  mp4: {
    name: 'MP4, M4V',
    label: 'an MP4 file',
    mimeType: 'video/mp4',
    extension: 'mp4',
    videoCodecs: 'av1 h264 hevc mjpeg mpeg1video mpeg2video mpeg4 vp9'.split(' '),
    readBy: ISO,
  },
  mov: {
    name: 'QuickTime',
    label: 'a QuickTime file',
    mimeType: 'video/quicktime',
    extension: 'mov',
    videoCodecs:
      'cinepak dnxhd dvvideo h263 h264 hevc jpeg2000 mjpeg mpeg2video mpeg4 png prores qtrle rawvideo svq1'.split(
        ' ',
      ),
    readBy: ISO,
  },
  '3gp': {
    name: '3GP',
    label: 'a 3GP file',
    mimeType: 'video/3gpp',
    extension: '3gp',
    videoCodecs: MOBILE,
    readBy: ISO,
  },
  '3g2': {
    name: '3GPP2',
    label: 'a 3GPP2 file',
    mimeType: 'video/3gpp2',
    extension: '3g2',
    videoCodecs: MOBILE,
    readBy: ISO,
  },
  webm: {
    name: 'WebM',
    label: 'a WebM file',
    mimeType: 'video/webm',
    extension: 'webm',
    videoCodecs: 'av1 vp8 vp9'.split(' '),
    readBy: ISO,
  },
  matroska: {
    name: 'Matroska',
    label: 'a Matroska file',
    mimeType: 'video/x-matroska',
    extension: 'mkv',
    videoCodecs:
      'av1 dvvideo ffv1 flv1 h263 h264 hevc huffyuv mjpeg mpeg1video mpeg2video mpeg4 msmpeg4v3 png prores rawvideo theora vp8 vp9 wmv2'.split(
        ' ',
      ),
    readBy: ISO,
  },
  avi: {
    name: 'AVI',
    label: 'an AVI file',
    mimeType: 'video/x-msvideo',
    extension: 'avi',
    videoCodecs:
      'cinepak dvvideo ffv1 flv1 h263 h264 hevc huffyuv mjpeg mpeg2video mpeg4 msmpeg4v2 msmpeg4v3 png rawvideo utvideo vp8 wmv2'.split(
        ' ',
      ),
    readBy: 'MediaInfo',
  },
  asf: {
    name: 'ASF (WMV)',
    label: 'a Windows Media file',
    mimeType: 'video/x-ms-wmv',
    extension: 'wmv',
    videoCodecs: 'h264 mjpeg mpeg4 msmpeg4v2 msmpeg4v3 wmv1 wmv2'.split(' '),
    readBy: 'MediaInfo',
  },
  flv: {
    name: 'Flash Video',
    label: 'a Flash Video file',
    mimeType: 'video/x-flv',
    extension: 'flv',
    videoCodecs: 'flashsv flv1 h264'.split(' '),
    readBy: 'MediaInfo',
  },
  'mpeg-ts': {
    name: 'MPEG-TS, M2TS',
    label: 'an MPEG transport stream',
    mimeType: 'video/mp2t',
    extension: 'ts',
    videoCodecs: 'h264 hevc mpeg1video mpeg2video mpeg4'.split(' '),
    readBy: 'mediabunny; MediaInfo for MPEG-2 video',
  },
  'mpeg-ps': {
    name: 'MPEG-PS',
    label: 'an MPEG program stream',
    mimeType: 'video/mpeg',
    extension: 'mpg',
    videoCodecs: 'h264 mpeg1video mpeg2video'.split(' '),
    readBy: 'MediaInfo',
  },
  ogg: {
    name: 'Ogg',
    label: 'an Ogg file',
    mimeType: 'video/ogg',
    extension: 'ogv',
    videoCodecs: 'theora vp8'.split(' '),
    readBy: 'MediaInfo; `read-ogg-vp8.ts` for VP8',
  },
  mxf: {
    name: 'MXF',
    label: 'an MXF file',
    mimeType: 'application/mxf',
    extension: 'mxf',
    videoCodecs: 'dnxhd h264 jpeg2000 mpeg2video'.split(' '),
    readBy: 'MediaInfo',
  },
  gxf: {
    name: 'GXF',
    label: 'a GXF file',
    mimeType: 'application/gxf',
    extension: 'gxf',
    videoCodecs: 'dvvideo mpeg2video'.split(' '),
    readBy: 'MediaInfo',
  },
  dv: {
    name: 'DV',
    label: 'a DV file',
    mimeType: 'video/x-dv',
    extension: 'dv',
    videoCodecs: 'dvvideo'.split(' '),
    readBy: 'MediaInfo',
  },
  realmedia: {
    name: 'RealMedia',
    label: 'a RealMedia file',
    mimeType: 'application/vnd.rn-realmedia',
    extension: 'rm',
    videoCodecs: 'rv10 rv20'.split(' '),
    readBy: 'MediaInfo',
  },
};

/** MIME types by the extensions of {@link CONTAINERS}. */
export const MIME_TYPES: ReadonlyMap<string, string> = new Map(
  Object.values(CONTAINERS).map(({ extension, mimeType }) => [extension, mimeType]),
);
