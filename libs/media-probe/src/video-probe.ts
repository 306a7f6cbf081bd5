/** The containers this library knows, by the names it gives them. */
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

/** What the bytes of a video file say about it. */
export interface VideoProbe {
  container: Container;
  /** The MIME type of the bytes, whatever a server or a file name claimed. */
  mimeType: string;
  /** Usual file name extension of the container, without the dot: `mp4`. */
  extension: string;
  /** FFmpeg's short name, such as `h264` or `vp9`; the name the file itself gives where there is no other; or null. */
  videoCodec: string | null;
  /** As `videoCodec`, of the first audio track; null where there is none. */
  audioCodec: string | null;
  /** Width in whole square pixels as a player shows it: pixel aspect ratio and rotation applied. */
  width: number;
  /** Height in whole square pixels as a player shows it. */
  height: number;
  /** Seconds; null where the file does not say and finding out would mean reading all of it. */
  duration: number | null;
}
