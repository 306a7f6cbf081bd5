import { CONTAINERS, NotAVideoError, ProbeFailedError, sniffHead } from '#libs/media-probe';
import type { Environment } from '../config/environment.js';
import type { CuredCodes } from '../extension/codes.js';
import { defineMediaKind, type MediaKindPart } from '../extension/define-media-kind.js';
import { integer, nullable, number, text } from '../extension/shape.js';
import { VideoProber } from './identify/video-prober.js';

/** Name of the kind, and of the list in the status. */
export const VIDEOS = 'videos';

/** Defines videos. */
export function videoKind({ MAX_VIDEO_BYTES }: Pick<Environment, 'MAX_VIDEO_BYTES'>): MediaKindPart {
  return defineMediaKind({
    name: VIDEOS,
    noun: 'video',
    maxBytes: MAX_VIDEO_BYTES,
    types: Object.fromEntries(
      Object.values(CONTAINERS).map(({ mimeType, extension }) => [mimeType, extension]),
    ),
    facts: {
      width: integer({
        description: 'Displayed width in pixels, with rotation and pixel aspect ratio applied',
        example: 320,
      }),
      height: integer({ description: 'Displayed height in pixels', example: 180 }),
      duration: nullable(
        number({
          description: 'Seconds; null if the file does not declare it',
          example: 12.48,
          inStatus: false,
        }),
      ),
      container: text({ description: 'File format', example: 'mp4', inStatus: false }),
      videoCodec: nullable(
        text({
          description: "Video codec by FFmpeg's name; null if the file does not declare it",
          example: 'h264',
          inStatus: false,
        }),
      ),
      audioCodec: nullable(
        text({
          description: "Codec of the first audio track by FFmpeg's name; null if there is none",
          example: 'aac',
          inStatus: false,
        }),
      ),
    },
    codes: {
      NOT_A_VIDEO: {
        sentence: 'The file is not a video',
        retryable: false,
        cure: 'Open the file: if it is no video, remove it from your list; if it is one, convert it to a supported format, such as MP4',
      },
      UNREADABLE: {
        sentence: 'Reading the file exceeded the resource limits',
        retryable: false,
        cure: 'The file is damaged or built to cause harm. Play it, save it again with a video tool, and import that file',
      },
    } satisfies CuredCodes,
    async sniff({ bytes, size }, { fail }) {
      try {
        return sniffHead(bytes, size ?? Infinity);
      } catch (cause) {
        if (cause instanceof NotAVideoError) throw fail('NOT_A_VIDEO', { clause: cause.reason, cause });
        throw cause;
      }
    },
    async identify({ source, lengthDeclared }, { item, signal, fail, get }) {
      try {
        const { mimeType, extension: _, ...facts } = await get(VideoProber).probe(item, source, signal);
        return { mimeType, facts };
      } catch (cause) {
        if (cause instanceof NotAVideoError) {
          // Without a declared length the transfer may have been truncated unnoticed.
          const isTruncated = cause.kind === 'truncated' && !lengthDeclared;
          throw fail(isTruncated ? 'TRUNCATED' : 'NOT_A_VIDEO', { clause: cause.reason, cause });
        }
        // The machine may have been overloaded, so the file gets a second attempt.
        if (cause instanceof ProbeFailedError && cause.isCausedByFile)
          throw fail('UNREADABLE', { retryable: item.lastCode !== 'UNREADABLE', cause });
        throw cause;
      }
    },
  });
}
