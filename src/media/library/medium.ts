import { ApiProperty } from '@nestjs/swagger';
import type { MediaAssetDto } from './media.dto.js';

/** A medium of any kind. */
export class MediumDto {
  @ApiProperty({
    type: String,
    description: 'The mediaId',
    pattern: '^[A-Za-z0-9]{12}$',
    example: 'jjiwhsf23kdk',
  })
  id: string;

  @ApiProperty({
    type: String,
    description: 'Name of the kind: the last segment of the path that imports it',
  })
  kind: string;

  @ApiProperty({ type: 'integer', description: '1 at creation; incremented with every change', example: 1 })
  version: number;

  @ApiProperty({ type: String, example: 'identity-of-the-archive' })
  systemName: string;

  @ApiProperty({ type: String, example: 'interview-2019-11-21' })
  externalId: string;

  @ApiProperty({ type: String, example: 'my interview' })
  title: string;

  /** Documented by `mediaClass()`, because its facts depend on the kinds. */
  asset: MediaAssetDto;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'The metadata sent last. Numbers keep every digit as sent, which may exceed the precision of a double',
    example: { credit: 'Jane Doe' },
  })
  metadata: object;

  @ApiProperty({ format: 'date-time', type: String, example: '2020-01-01T13:45:12.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', type: String, example: '2020-01-01T13:45:12.000Z' })
  updatedAt: Date;
}

/** A page of media. */
export class MediaPage {
  results: MediumDto[];
  cursor?: string;
}
