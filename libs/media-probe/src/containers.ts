import type { Container } from './video-probe.js';

interface ContainerFacts {
  /** With its article, to stand in a sentence. */
  label: string;
  mimeType: string;
  extension: string;
}

/**
 * MIME types: RFC 4337 (MP4), RFC 3839 (3GPP), RFC 4393 (3GPP2), RFC 3555 (MPEG streams), RFC 5334 (Ogg), RFC 4539 (MXF), the WebM project; the `x-`
 * ones are those that browsers and servers use where nothing is registered.
 */
export const CONTAINERS: Readonly<Record<Container, ContainerFacts>> = {
  mp4: { label: 'an MP4 file', mimeType: 'video/mp4', extension: 'mp4' },
  mov: { label: 'a QuickTime file', mimeType: 'video/quicktime', extension: 'mov' },
  '3gp': { label: 'a 3GP file', mimeType: 'video/3gpp', extension: '3gp' },
  '3g2': { label: 'a 3GPP2 file', mimeType: 'video/3gpp2', extension: '3g2' },
  webm: { label: 'a WebM file', mimeType: 'video/webm', extension: 'webm' },
  matroska: { label: 'a Matroska file', mimeType: 'video/x-matroska', extension: 'mkv' },
  avi: { label: 'an AVI file', mimeType: 'video/x-msvideo', extension: 'avi' },
  asf: { label: 'a Windows Media file', mimeType: 'video/x-ms-wmv', extension: 'wmv' },
  flv: { label: 'a Flash Video file', mimeType: 'video/x-flv', extension: 'flv' },
  'mpeg-ts': { label: 'an MPEG transport stream', mimeType: 'video/mp2t', extension: 'ts' },
  'mpeg-ps': { label: 'an MPEG program stream', mimeType: 'video/mpeg', extension: 'mpg' },
  ogg: { label: 'an Ogg file', mimeType: 'video/ogg', extension: 'ogv' },
  mxf: { label: 'an MXF file', mimeType: 'application/mxf', extension: 'mxf' },
  gxf: { label: 'a GXF file', mimeType: 'application/gxf', extension: 'gxf' },
  dv: { label: 'a DV file', mimeType: 'video/x-dv', extension: 'dv' },
  realmedia: {
    label: 'a RealMedia file',
    mimeType: 'application/vnd.rn-realmedia',
    extension: 'rm',
  },
};

/** MIME types by the extensions of {@link CONTAINERS}. */
export const MIME_TYPES: ReadonlyMap<string, string> = new Map(
  Object.values(CONTAINERS).map(({ extension, mimeType }) => [extension, mimeType]),
);
