import { CONTAINERS } from '#libs/media-probe';
import type { MediaKindPart } from '../extension/define-media-kind.js';
import { integer, nullable, number } from '../extension/shape.js';

/** Name of the kind, and of the list in the status. */
export const VIDEOS = 'videos';

const containers = Object.values(CONTAINERS);

/** What the video kind tells about its files. */
export const videoShapes = {
  name: VIDEOS,
  noun: 'video',
  types: Object.fromEntries(containers.map(({ mimeType, extension }) => [mimeType, extension])),
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
  },
  codes: {
    NOT_A_VIDEO: { sentence: 'The file is not a video', retryable: false },
    UNREADABLE: { sentence: 'Reading the file exceeded the resource limits', retryable: false },
  },
} as const satisfies Partial<MediaKindPart>;

/** Videos, as the API sees them; the worker still has `VideoIdentifier`. */
export const videoKind: MediaKindPart = {
  form: 'media',
  ...videoShapes,
  maxBytes: Infinity,
  identify: () => Promise.reject(new Error('VideoIdentifier identifies videos')),
};
