import { loadEnvironment } from '../../config/load-environment.js';
import { ArrayOf } from '../../http/array-of.decorator.js';
import { HttpUri } from '../../http/validators/http-uri.js';
import { JsonObject } from '../../http/validators/json-object.js';
import { Text } from '../../http/validators/text.js';
import { addressRefusal } from '../../outbound/address-refusal.js';

/** One video of a batch. */
export class ImportVideoDto {
  @HttpUri({
    description: 'Where the video is downloaded from: http or https, without a user:password part',
    example: 'https://archive.example.com/videos/2019/interview.mp4',
  })
  url: string;

  @Text({
    max: 255,
    description:
      'Your id of the video, unique within the batch; together with systemName it is the identity of the video',
    example: 'interview-2019-11-21',
  })
  id: string;

  @Text({ max: 255, description: 'The title of the video', example: 'my video' })
  fileName: string;

  @JsonObject({
    maxBytes: 65_536,
    description:
      'Anything that is known of the video, up to 64 KiB; held against the schema of the project where it has one. ' +
      'Numbers keep every digit, of which they may have 1000 before and 1000 after the decimal point: `GET /videos` ' +
      'shows them as they were sent. Whether the metadata has changed is a question of values: another order of ' +
      'members is no change, nor is `1.0` for `1`. The schema sees each number as the nearest double',
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
    description: 'The system that the videos come from',
    example: 'identity-of-the-archive',
  })
  systemName: string;

  @HttpUri({
    optional: true,
    refusal: addressRefusal,
    description: 'Where a signed POST goes when the import is finished',
    example: 'https://partner.example.com/hooks/reelport',
  })
  webhook?: string;

  @JsonObject({
    optional: true,
    maxBytes: 8_192,
    description:
      'Up to 8 KiB that are handed back untouched in the webhook, byte for byte; white space between tokens is left out ' +
      'where the object is longer than 8 KiB with it. Numbers may have 1000 digits before and 1000 after the decimal point',
    example: { batch: 17 },
  })
  context?: Record<string, unknown>;

  @ArrayOf(() => ImportVideoDto, {
    max: () => loadEnvironment().MAX_BATCH_VIDEOS,
    documentedMax: 10_000,
    uniqueBy: 'id',
    description: 'The videos, 1 to MAX_BATCH_VIDEOS',
  })
  videos: ImportVideoDto[];
}
