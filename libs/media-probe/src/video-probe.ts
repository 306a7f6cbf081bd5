/** The supported containers. */
export type Container =
  | 'mp4'
  | 'mov'
  | '3gp'
  | '3g2'
  | 'webm'
  | 'matroska'
  | 'avi'
  | 'asf'
  | 'flv'
  | 'mpeg-ts'
  | 'mpeg-ps'
  | 'ogg'
  | 'mxf'
  | 'gxf'
  | 'dv'
  | 'realmedia';

/** Facts about a video, from its bytes. */
export interface VideoProbe {
  container: Container;
  /** MIME type of the bytes, regardless of server headers and file name. */
  mimeType: string;
  /** Usual file name extension of the container, without a dot: `mp4`. */
  extension: string;
  /** FFmpeg's short name, such as `h264` or `vp9`; the name in the file if FFmpeg's is not known; or null. */
  videoCodec: string | null;
  /** Codec of the first audio track, like `videoCodec`; null if there is none. */
  audioCodec: string | null;
  /** Display width in whole square pixels, with pixel aspect ratio and rotation applied. */
  width: number;
  /** Display height in whole square pixels. */
  height: number;
  /** Seconds; null if the file does not specify it and finding out would require reading all of it. */
  duration: number | null;
}
