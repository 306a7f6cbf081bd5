import { ApiProperty } from '@nestjs/swagger';

export class MediaVersionDto {
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  version: number;

  @ApiProperty({ type: String, example: 'my interview' })
  title: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'URL from which the file was imported, without its query',
    example: 'https://archive.example.com/interview.mp4',
  })
  sourceUrl: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The import that created the version; null if it does not exist any more',
    example: 'k3l9s0d2fj',
  })
  importId: string | null;

  @ApiProperty({
    type: String,
    pattern: '^[0-9a-f]{64}$',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  sha256: string;

  @ApiProperty({ type: 'integer', description: 'Bytes', example: 28672 })
  size: number;

  @ApiProperty({
    format: 'date-time',
    type: String,
    description: 'When the version was recorded',
    example: '2020-01-01T13:45:12.000Z',
  })
  createdAt: Date;
}

export class MediaVersionsDto {
  @ApiProperty({
    type: () => MediaVersionDto,
    isArray: true,
    description: 'Newest first: the current one, and up to 100 before it',
  })
  results: MediaVersionDto[];
}
