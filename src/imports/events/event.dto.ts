import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../http/validators/text.js';
import { ImportOverviewDto, ImportProgressDto } from '../status/status.dto.js';

const ID = '25bzj8j';
const AT = '2020-01-01T13:45:12.000Z';
const CURSOR = 'e4711t1577886312';

export class EventsQueryDto {
  @Text({
    max: 64,
    optional: true,
    description:
      'Last event that the client has seen, for clients that cannot send `Last-Event-ID`; the header takes precedence',
    example: CURSOR,
  })
  after?: string;
}

export class ImportProgressEventDto {
  @ApiProperty({ enum: ['import.progress'], example: 'import.progress' })
  type: 'import.progress';

  @ApiProperty({ format: 'date-time', type: String, description: 'When the counts were read', example: AT })
  timestamp: string;

  @ApiProperty({ description: 'Id of the import', example: ID })
  id: string;

  @ApiProperty({ enum: ['started'], example: 'started' })
  state: 'started';

  @ApiProperty({ type: () => ImportProgressDto })
  progress: ImportProgressDto;
}

export class FinishedItemDto {
  @ApiProperty({ description: 'The `id` from your request', example: 'interview-2019-11-21' })
  externalId: string;

  @ApiProperty({ enum: ['success', 'skipped', 'failed', 'planned'], example: 'failed' })
  state: string;

  @ApiProperty({
    required: false,
    description: 'Code of the failure, from a closed list',
    example: 'HTTP_STATUS',
  })
  code?: string;

  @ApiProperty({
    required: false,
    description:
      'Why the item was skipped, or the failure, in one sentence; absent if the item has been retried since',
    example: 'Could not download it: the server answered 404',
  })
  reason?: string;

  @ApiProperty({ required: false, description: 'Whether a retry can help', example: false })
  retryable?: boolean;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    required: false,
    description: 'Size of the stored file in bytes; only of successful items of kinds with files',
    example: 28672,
  })
  size?: number;
}

export class ItemsFinishedEventDto {
  @ApiProperty({ enum: ['items.finished'], example: 'items.finished' })
  type: 'items.finished';

  @ApiProperty({
    format: 'date-time',
    type: String,
    description: 'When the last of them finished',
    example: AT,
  })
  timestamp: string;

  @ApiProperty({ description: 'Id of the import', example: ID })
  id: string;

  @ApiProperty({ description: 'Kind of the items, the last segment of the path that accepted the batch' })
  kind: string;

  @ApiProperty({ example: 'identity-of-the-archive' })
  systemName: string;

  @ApiProperty({
    type: () => FinishedItemDto,
    isArray: true,
    minItems: 1,
    maxItems: 100,
    description:
      'Each item once for each time it finishes. The result of a successful or skipped item is in the form of the status, ' +
      'in a field with the singular name of the kind',
  })
  items: FinishedItemDto[];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    selfRequired: false,
    description: 'The `context` of the batch, byte for byte',
  })
  context?: object;
}

export class ImportFinishedEventDto {
  @ApiProperty({ enum: ['import.finished'], example: 'import.finished' })
  type: 'import.finished';

  @ApiProperty({ format: 'date-time', type: String, description: 'When the last item finished', example: AT })
  timestamp: string;

  @ApiProperty({ description: 'Id of the import', example: ID })
  id: string;

  @ApiProperty({
    enum: ['success', 'failed', 'planned'],
    description: '`planned`: all items of a plan are planned; it can be applied',
    example: 'success',
  })
  state: string;

  @ApiProperty({ type: () => ImportOverviewDto })
  overview: ImportOverviewDto;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    selfRequired: false,
    description: 'The `context` of the batch, byte for byte',
  })
  context?: object;
}
