import { ApiProperty } from '@nestjs/swagger';
import { PageLimit } from '../../http/validators/page-limit.js';
import { Text } from '../../http/validators/text.js';

export class VideosQueryDto {
  @Text({
    max: 128,
    optional: true,
    description: 'Only videos of this system',
    example: 'identity-of-the-archive',
  })
  systemName?: string;

  @Text({
    max: 255,
    optional: true,
    description: 'Only the video with this `id` of yours',
    example: 'interview-2019-11-21',
  })
  externalId?: string;

  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'Cursor of the previous page' })
  after?: string;
}

export class VideoAssetDto {
  @ApiProperty({
    format: 'uri',
    example: 'https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4',
  })
  url: string;

  @ApiProperty({ example: 'video/mp4' })
  mimeType: string;

  @ApiProperty({ type: 'integer', description: 'Displayed width in pixels', example: 320 })
  width: number;

  @ApiProperty({ type: 'integer', description: 'Displayed height in pixels', example: 180 })
  height: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Seconds; null if the file does not declare it',
    example: 12.48,
  })
  duration: number | null;

  @ApiProperty({ type: 'integer', description: 'Bytes', example: 28672 })
  size: number;

  @ApiProperty({
    pattern: '^[0-9a-f]{64}$',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  sha256: string;
}

export class VideoDto {
  @ApiProperty({ description: 'The mediaId', pattern: '^[A-Za-z0-9]{12}$', example: 'jjiwhsf23kdk' })
  id: string;

  @ApiProperty({ type: 'integer', description: '1 at creation; incremented with every change', example: 1 })
  version: number;

  @ApiProperty({ enum: ['video'], example: 'video' })
  mediaType: 'video';

  @ApiProperty({ example: 'identity-of-the-archive' })
  systemName: string;

  @ApiProperty({ example: 'interview-2019-11-21' })
  externalId: string;

  @ApiProperty({ example: 'my video' })
  title: string;

  @ApiProperty({ type: () => VideoAssetDto })
  asset: VideoAssetDto;

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

export class VideosPageDto {
  @ApiProperty({ type: () => VideoDto, isArray: true })
  results: VideoDto[];

  @ApiProperty({
    required: false,
    description: 'Pass it as `after` to get the next page; if absent, there are no more results',
    example: 'jjiwhsf23kdk',
  })
  cursor?: string;
}
