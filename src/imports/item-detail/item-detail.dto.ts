import { ApiProperty } from '@nestjs/swagger';
import { REDIS_TROUBLES } from '../../queue/redis-trouble.js';
import { ImportItemDto } from '../list/item.dto.js';

/** Why an item waits, as in the metrics; `turn`: others of the project or the host are in front of it. */
export const ITEM_WAITS = [
  'not_before',
  'retry',
  'host_asked',
  'host_failing',
  'no_worker',
  'kind_missing',
  'disk',
  ...REDIS_TROUBLES,
  'turn',
] as const;

export type ItemWait = (typeof ITEM_WAITS)[number];

export class ItemWaitDto {
  @ApiProperty({
    enum: ITEM_WAITS,
    description:
      '`not_before`: its import starts later. `retry`: the backoff after a failure. `host_asked`: the host asked for a ' +
      'pause. `host_failing`: the circuit of the host is open. `no_worker`, `kind_missing`: no worker is alive, or none ' +
      'has this kind. `disk`, `redis…`: no worker can take items for this reason. `turn`: others are in front of it',
    example: 'retry',
  })
  reason: ItemWait;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'Until when; null if that is not known',
    example: '2020-01-01T13:45:22.000Z',
  })
  until: Date | null;
}

export class ItemAttemptDto {
  @ApiProperty({ format: 'date-time', type: String, example: '2020-01-01T13:45:12.000Z' })
  startedAt: Date;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Duration in milliseconds', example: 212 })
  durationMs: number;

  @ApiProperty({ description: 'Failure code', example: 'HTTP_STATUS' })
  code: string;

  @ApiProperty({ example: 'Could not download it: the server answered 503' })
  reason: string;

  @ApiProperty({ description: 'Whether a retry could help', example: true })
  retryable: boolean;

  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status of the response', example: 503 })
  httpStatus: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Bytes of the file that had been received; null if unknown',
    example: null,
  })
  bytes: number | null;
}

export class ItemDetailDto extends ImportItemDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'URL from your request without the query, which may contain a signature; null if it has none',
    example: 'https://archive.example.com/2019/interview.mp4',
  })
  url: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The entry of your request; URLs lack their queries, which may contain signatures',
    example: { id: 'interview-2019-11-21', fileName: 'my interview' },
  })
  request: object;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When it finished; null until then',
    example: '2020-01-01T13:45:22.000Z',
  })
  finishedAt: Date | null;

  @ApiProperty({
    type: () => ItemWaitDto,
    isArray: true,
    description: 'Why it waits; every reason has to end. Empty unless the item is pending',
  })
  waiting: ItemWaitDto[];

  @ApiProperty({
    type: () => ItemAttemptDto,
    isArray: true,
    description: 'Failed attempts, newest first; at most 100',
  })
  attempts: ItemAttemptDto[];
}
