import { ApiProperty } from '@nestjs/swagger';
import type { EventType } from '../extension/define-listener.js';
import { PageLimit } from '../http/validators/page-limit.js';
import { Text } from '../http/validators/text.js';
import { deadLetterCursor } from './dead-letter-cursor.js';
import type { DeadLetter } from './dead-letters.repository.js';

const TYPES: readonly EventType[] = [
  'import.accepted',
  'import.finished',
  'media.created',
  'media.updated',
  'media.removed',
];
const ID = '0b5fd4a4-7c0e-4ef0-9a5c-0f3c2a9f6d11';
const FAILED_AT = new Date('2020-01-01T15:20:00.000Z');
const CURSOR = deadLetterCursor({ failedAt: FAILED_AT, id: ID });

export class DeadLettersQueryDto {
  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'Cursor of the previous page', example: CURSOR })
  after?: string;
}

export class DeadLetterEventDto {
  @ApiProperty({ enum: TYPES, description: 'Type of the event', example: 'media.created' })
  type: EventType;

  @ApiProperty({
    format: 'date-time',
    type: String,
    description: 'When the event happened',
    example: '2020-01-01T13:45:12.000Z',
  })
  occurredAt: Date;

  @ApiProperty({ description: 'Import that caused it', example: '25bzj8j' })
  importId: string;

  @ApiProperty({ description: 'Kind of the import', example: 'videos' })
  kind: string;

  @ApiProperty({ description: 'The `systemName` from your request', example: 'archive' })
  systemName: string;

  @ApiProperty({
    required: false,
    description: 'The medium; only in `media.created` and `media.updated`',
    example: 'a7gP3kQ9xZ1b',
  })
  mediaId?: string;

  @ApiProperty({
    required: false,
    description: 'The `id` from your request; only in `media.created` and `media.updated`',
    example: 'interview-2019-11-21',
  })
  externalId?: string;
}

export class DeadLetterDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the delivery, identical for all attempts', example: ID })
  id: string;

  @ApiProperty({ description: 'Name of the listener', example: 'search-index' })
  listener: string;

  @ApiProperty({ type: () => DeadLetterEventDto, description: 'The event that was not delivered' })
  event: DeadLetterEventDto;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Failed attempts', example: 8 })
  attempts: number;

  @ApiProperty({
    description: 'Why the last attempt failed, in one line; the log of the worker has the stack',
    example: 'Error: connect ECONNREFUSED 10.0.0.7:9200',
  })
  lastError: string;

  @ApiProperty({
    format: 'date-time',
    type: String,
    description: 'When the last attempt failed',
    example: FAILED_AT.toISOString(),
  })
  failedAt: Date;
}

export class DeadLettersPageDto {
  @ApiProperty({ type: () => DeadLetterDto, isArray: true, description: 'Latest failure first' })
  results: DeadLetterDto[];

  @ApiProperty({
    required: false,
    description: 'Pass it as `after` to get the next page; if absent, there are no more results',
    example: CURSOR,
  })
  cursor?: string;
}

export class DeadLetterRetriedDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the delivery', example: ID })
  id: string;
}

/** Lists the fields explicitly, so that no other one is exposed. */
export function toDeadLetterDto({
  id,
  listener,
  attempts,
  lastError,
  failedAt,
  event,
}: DeadLetter): DeadLetterDto {
  const { type, occurredAt, importId, kind, systemName, mediaId, externalId } = event;
  return {
    id,
    listener,
    event: {
      type,
      occurredAt,
      importId,
      kind,
      systemName,
      ...(mediaId !== null && { mediaId }),
      ...(externalId !== null && { externalId }),
    },
    attempts,
    lastError,
    failedAt,
  };
}
