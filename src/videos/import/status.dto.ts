import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../http/validators/text.js';

export class StatusQueryDto {
  @Text({ max: 64, description: 'Id of the import, as returned for the batch', example: '25bzj8j' })
  id: string;
}

export class ImportAcceptedDto {
  @ApiProperty({ description: 'Id of the import, lower-case base 36', example: '25bzj8j' })
  id: string;
}

export class ImportProgressDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Videos in the batch', example: 3 })
  total: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Created or updated', example: 1 })
  success: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Already imported and unchanged', example: 0 })
  skipped: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Not imported', example: 0 })
  failed: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Pending or running', example: 2 })
  pending: number;
}

export class RunningImportDto {
  @ApiProperty({ enum: [false], type: Boolean, example: false })
  finished: false;

  @ApiProperty({ enum: ['started'], example: 'started' })
  state: 'started';

  @ApiProperty({ description: 'Id of the import', example: '243kdc' })
  id: string;

  @ApiProperty({
    description: 'When the batch was accepted: YYYY-MM-DD hh:mm:ss in UTC',
    pattern: String.raw`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$`,
    example: '2020-01-01 13:45:12',
  })
  startedAt: string;

  @ApiProperty({ type: () => ImportProgressDto })
  progress: ImportProgressDto;
}

export class ImportedVideoFactsDto {
  @ApiProperty({
    description: 'Permanent id of the video',
    pattern: '^[A-Za-z0-9]{12}$',
    example: 'jjiwhsf23kdk',
  })
  mediaId: string;

  @ApiProperty({
    format: 'uri',
    description: 'The stored file',
    example: 'https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4',
  })
  originalUrl: string;

  @ApiProperty({
    format: 'uri',
    description: 'For players: `originalUrl` with the configured query',
    example: 'https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4?auto=format',
  })
  url: string;

  @ApiProperty({
    type: 'integer',
    description: 'Displayed width in pixels, with rotation and pixel aspect ratio applied',
    example: 320,
  })
  width: number;

  @ApiProperty({ type: 'integer', description: 'Displayed height in pixels', example: 180 })
  height: number;

  @ApiProperty({ description: 'Detected from the bytes, not taken from the source', example: 'video/mp4' })
  mimeType: string;

  @ApiProperty({ description: 'Service whose query parameters `url` accepts', example: 'imgix' })
  videoService: string;
}

export class ImportedVideoDto {
  @ApiProperty({
    enum: ['success', 'skipped', 'failed'],
    description: 'Former name of `state`',
    example: 'success',
  })
  status: 'success' | 'skipped' | 'failed';

  @ApiProperty({ enum: ['success', 'skipped', 'failed'], example: 'success' })
  state: 'success' | 'skipped' | 'failed';

  @ApiProperty({
    required: false,
    description: 'Why the video was skipped or failed, in one sentence',
    example: 'already exists',
  })
  reason?: string;

  @ApiProperty({
    required: false,
    description: 'Failure code from a closed list; only for failed videos',
    example: 'HTTP_STATUS',
  })
  code?: string;

  @ApiProperty({
    required: false,
    description: 'Whether a retry can help; only for failed videos',
    example: false,
  })
  retryable?: boolean;

  @ApiProperty({ example: 'identity-of-the-archive' })
  systemName: string;

  @ApiProperty({ description: 'The `id` from your request', example: 'interview-2019-11-21' })
  externalId: string;

  @ApiProperty({ description: 'The `fileName` from your request', example: 'my video' })
  title: string;

  @ApiProperty({
    required: false,
    type: () => ImportedVideoFactsDto,
    description: 'Only for successful and skipped videos',
  })
  video?: ImportedVideoFactsDto;
}

export class ImportOverviewDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Videos in the batch', example: 3 })
  total: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Created or updated', example: 1 })
  success: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Already imported and unchanged', example: 1 })
  skipped: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Not imported', example: 1 })
  failed: number;
}

export class FinishedImportDto {
  @ApiProperty({ enum: [true], type: Boolean, example: true })
  finished: true;

  @ApiProperty({
    enum: ['success', 'failed'],
    description: '`success` if at least one video is success or skipped',
    example: 'success',
  })
  state: 'success' | 'failed';

  @ApiProperty({ example: '25bzj8j' })
  id: string;

  @ApiProperty({ type: () => ImportedVideoDto, isArray: true, description: 'In request order' })
  videos: ImportedVideoDto[];

  @ApiProperty({ type: () => ImportOverviewDto })
  overview: ImportOverviewDto;
}
