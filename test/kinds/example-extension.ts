import { defineExtension } from '../../src/extension/define-extension.js';
import { defineKind } from '../../src/extension/define-kind.js';
import { defineMediaKind } from '../../src/extension/define-media-kind.js';
import { defineStep } from '../../src/extension/define-step.js';
import { choice, flag, integer, nullable, number, optional, text } from '../../src/extension/shape.js';

/** A kind of files. */
export const pictures = defineMediaKind({
  name: 'pictures',
  noun: 'picture',
  maxBytes: 1_000_000,
  types: { 'image/png': 'png', 'image/svg+xml': 'svg', 'text/html': 'htm' },
  facts: {
    width: integer({ description: 'Pixels', example: 320 }),
    colors: nullable(integer({ description: 'Number of colors; null for true color', example: 16 })),
    camera: nullable(text({ description: 'Camera; null if unknown', example: 'X100', inStatus: false })),
  },
  codes: { NOT_A_PICTURE: { sentence: 'The file is not a picture', retryable: false } },
  identify: async () => ({ mimeType: 'image/png', facts: { width: 1, colors: null, camera: null } }),
});

/** A kind of things that are not files. */
export const captions = defineKind({
  name: 'captions',
  noun: 'caption',
  item: {
    source: text({ description: 'Where the caption is', example: 'https://captions.example.com/1' }),
    language: choice(['de', 'en'], { description: 'Language', example: 'en' }),
    tone: optional(
      nullable(choice(['formal', 'casual'], { description: 'Tone, if known', example: 'formal' })),
    ),
    offset: optional(number({ description: 'Seconds', example: 1.5 })),
    cues: nullable(integer({ description: 'Number of cues, if known', example: 7 })),
  },
  result: {
    captionId: text({ description: 'Permanent id', example: 'c1' }),
    cues: integer({ description: 'Number of cues', example: 7 }),
    draft: optional(flag({ description: 'Whether it needs a review', example: true })),
  },
  report: ['captionId', 'draft'],
  codes: { UNKNOWN_CAPTION: { sentence: 'The caption does not exist', retryable: false } },
  processMs: 10_000,
  host: ({ source }) => source,
  process: () => Promise.resolve({}),
  record: (_, done) =>
    Promise.resolve(done.map(() => ({ state: 'success', result: { captionId: 'c', cues: 1 } }))),
});

/** A step of all kinds of files. */
const scan = defineStep({
  name: 'scan',
  kinds: 'all',
  before: 'identify',
  timeoutMs: 1_000,
  codes: { INFECTED: { sentence: 'The file is infected', retryable: false } },
  run: () => Promise.resolve(),
});

/** An extension with both forms of kinds. */
export const example = defineExtension({ name: 'example', kinds: [pictures, captions], steps: [scan] });
