import { ApiProperty } from '@nestjs/swagger';
import { PageLimit } from '../../http/validators/page-limit.js';
import { Sha256 } from '../../http/validators/sha256.js';
import { Text } from '../../http/validators/text.js';

export class MediaQueryDto {
  @Text({
    max: 64,
    optional: true,
    description: 'Only media of this kind: the last segment of the path that imports it',
  })
  kind?: string;

  @Text({
    max: 128,
    optional: true,
    description: 'Only media of this system',
    example: 'identity-of-the-archive',
  })
  systemName?: string;

  @Text({
    max: 255,
    optional: true,
    description: 'Only media with this `id` of yours',
    example: 'interview-2019-11-21',
  })
  externalId?: string;

  @Text({
    max: 255,
    optional: true,
    description: 'Only media whose title has words that begin with all of these words, in any order and case',
    example: 'interview 2019',
  })
  title?: string;

  @Sha256({ optional: true, description: 'Only media whose current file has this hash' })
  sha256?: string;

  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'Cursor of the previous page' })
  after?: string;
}

/** The file of a medium, as far as all kinds have the same fields. */
export class MediaAssetDto {
  @ApiProperty({
    format: 'uri',
    type: String,
    description: 'The stored file',
    example: 'https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.bin',
  })
  url: string;

  @ApiProperty({ type: String, description: 'Detected from the bytes', example: 'application/octet-stream' })
  mimeType: string;

  @ApiProperty({ type: 'integer', description: 'Bytes', example: 28672 })
  size: number;

  @ApiProperty({
    type: String,
    pattern: '^[0-9a-f]{64}$',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  sha256: string;
}
