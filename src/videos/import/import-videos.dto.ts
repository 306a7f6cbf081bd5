import { ArrayOf } from '../../http/array-of.decorator.js';
import { HttpUri } from '../../http/validators/http-uri.js';
import { JsonObject } from '../../http/validators/json-object.js';
import { Text } from '../../http/validators/text.js';

/** One video of a batch. */
export class ImportVideoDto {
  @HttpUri({
    description: 'Download URL of the video: http or https, without user and password',
    example: 'https://archive.example.com/videos/2019/interview.mp4',
  })
  url: string;

  @Text({
    max: 255,
    description:
      'Your id of the video, unique within the batch; systemName and id together identify the video',
    example: 'interview-2019-11-21',
  })
  id: string;

  @Text({ max: 255, description: 'Title of the video', example: 'my video' })
  fileName: string;

  @JsonObject({
    maxBytes: 65_536,
    description:
      'Metadata of the video, up to 64 KiB; validated against the schema of the project if it has one. ' +
      'Numbers keep every digit and may have up to 1000 digits before and 1000 after the decimal point; `GET /videos` ' +
      'returns them as sent. Metadata is compared by value: a different order of members ' +
      'is no change, nor is `1.0` for `1`. The schema sees each number as the nearest double',
    example: { title: 'my video', credit: 'Jane Doe' },
  })
  metadata: Record<string, unknown>;
}

/** A batch of videos to import. */
export class ImportVideosDto {
  @Text({
    max: 128,
    noControl: true,
    notBlank: true,
    description: 'Source system of the videos',
    example: 'identity-of-the-archive',
  })
  systemName: string;

  @HttpUri({
    optional: true,
    inContext: (url, { refusalOf }) => refusalOf(url),
    description: 'Receives a signed POST when the import is finished',
    example: 'https://partner.example.com/hooks/reelport',
  })
  webhook?: string;

  @JsonObject({
    optional: true,
    maxBytes: 8_192,
    description:
      'Returned byte for byte in the webhook, up to 8 KiB. White space between tokens is removed if the object would ' +
      'exceed 8 KiB with it. Numbers may have up to 1000 digits before and 1000 after the decimal point',
    example: { batch: 17 },
  })
  context?: Record<string, unknown>;

  @ArrayOf(() => ImportVideoDto, {
    max: ({ maxBatchItems }) => maxBatchItems,
    documentedMax: 10_000,
    uniqueBy: 'id',
    description: 'The videos, from 1 to MAX_BATCH_VIDEOS',
  })
  videos: ImportVideoDto[];
}
