import { defineExtension, defineMediaKind, flag, integer } from 'reelport';
import sharp, { type Metadata } from 'sharp';

// Formats that are not accepted are not even opened: SVG and PDF can contain programs.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}`),
});

export const kind = defineMediaKind({
  name: 'images',
  noun: 'image',
  maxBytes: 200 * 1024 ** 2,
  types: {
    'image/jpeg': 'jpg',
    'image/png': 'png',
    'image/webp': 'webp',
    'image/gif': 'gif',
    'image/avif': 'avif',
  },
  facts: {
    width: integer({ description: 'Pixels, upright', example: 320 }),
    height: integer({ description: 'Pixels, upright', example: 180 }),
    hasAlpha: flag({ description: 'Whether pixels can be transparent', example: false }),
    animated: flag({ description: 'Whether the image has several frames', example: false }),
  },
  codes: {
    NOT_AN_IMAGE: { sentence: 'The file is not a JPEG, PNG, WebP, GIF or AVIF image', retryable: false },
  },
  // Decoders use all processors already.
  atOnce: 2,
  async identify({ source }, { fail }) {
    // Reads the headers only: a small file that claims a billion pixels costs nothing.
    const metadata = await metadataOf(source).catch((cause: unknown) => {
      throw fail('NOT_AN_IMAGE', { cause });
    });
    const mimeType = mimeTypeOf(metadata);
    if (mimeType === undefined) throw fail('NOT_AN_IMAGE', { clause: `${metadata.format} is not accepted` });
    const { hasAlpha, pages = 1 } = metadata;
    // Cameras store photos on their side and note the rotation; browsers apply it.
    const { width, height } = metadata.autoOrient;
    return { mimeType, facts: { width, height, hasAlpha, animated: pages > 1 } };
  },
});

/** Rejects whatever is wrong: of an empty file, sharp throws at once. */
async function metadataOf(source: string | Uint8Array): Promise<Metadata> {
  return sharp(source).metadata();
}

function mimeTypeOf({ format, compression }: Metadata) {
  // HEIC is the same container with a codec that most browsers cannot decode.
  if (format === 'heif') return compression === 'av1' ? 'image/avif' : undefined;
  if (format === 'jpeg' || format === 'png' || format === 'webp' || format === 'gif')
    return `image/${format}` as const;
  return undefined;
}

export const images = defineExtension({ name: 'images', reelport: '^0.1.0', kinds: [kind] });
