import { ApiProperty } from '@nestjs/swagger';
import { OptionalBody } from '../http/optional-body.js';
import { Choice } from '../http/validators/choice.js';
import { DateTime } from '../http/validators/date-time.js';
import { Flag } from '../http/validators/flag.js';
import { PageLimit } from '../http/validators/page-limit.js';
import { Text } from '../http/validators/text.js';
import type { WebhookAttempt } from './webhook-attempt.entity.js';
import type { DeliveryWithAttempts } from './webhook-deliveries.repository.js';
import type { DeliveryState } from './webhook-delivery.entity.js';

const STATES: readonly DeliveryState[] = ['pending', 'delivered', 'failed', 'superseded'];
const ID = 'msg_2KWPBgLlAfxdpx2AI54pPJ85';

export class DeliveriesQueryDto {
  @Text({ max: 64, optional: true, description: 'Only deliveries of this import', example: '25bzj8j' })
  importId?: string;

  @Choice(STATES, { optional: true, description: 'Only deliveries in this state', example: 'failed' })
  state?: DeliveryState;

  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'Cursor of the previous page', example: ID })
  after?: string;
}

export class DeliveryAttemptDto {
  @ApiProperty({ type: 'integer', description: '1 for the first', example: 1 })
  number: number;

  @ApiProperty({
    format: 'date-time',
    description: 'Start of the attempt; the `webhook-timestamp` header has the same time in seconds',
    example: '2020-01-01T13:45:12.000Z',
  })
  startedAt: string;

  @ApiProperty({ type: 'integer', description: 'Duration in milliseconds', example: 87 })
  durationMs: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'HTTP status of the response; null if there was none',
    example: 204,
  })
  statusCode: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the attempt failed, in one sentence; null if the receiver accepted the delivery',
    example: null,
  })
  error: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Beginning of the response body as text, up to WEBHOOK_RESPONSE_BYTES, with control characters replaced; null if it was empty, compressed or not text, or if the installation keeps no responses. The receiver chose this text: never show it as HTML',
    example: null,
  })
  response: string | null;
}

export class WebhookDeliveryDto {
  @ApiProperty({ description: 'The `webhook-id` header, identical for all attempts', example: ID })
  id: string;

  @ApiProperty({ description: 'Import that the message is about', example: '25bzj8j' })
  importId: string;

  @ApiProperty({
    enum: ['import.finished', 'items.finished'],
    description: 'Type of the event in the message',
    example: 'import.finished',
  })
  type: string;

  @ApiProperty({
    format: 'uri',
    description: 'URL of the receiver, without its query, which may hold a secret',
    example: 'https://partner.example.com/hooks/reelport',
  })
  url: string;

  @ApiProperty({
    enum: STATES,
    description:
      '`pending`: an attempt is in flight or scheduled. `delivered`: the receiver answered 2xx. `failed`: the receiver answered 410, its address is not allowed, or the last scheduled attempt failed. `superseded`: a retry of the import made the message obsolete before it was delivered',
    example: 'delivered',
  })
  state: DeliveryState;

  @ApiProperty({
    type: () => DeliveryAttemptDto,
    isArray: true,
    description: 'Finished attempts, oldest first',
  })
  attempts: DeliveryAttemptDto[];

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description:
      'When the next attempt is due; during an attempt, when its lease expires; null if no attempt will follow',
    example: null,
  })
  nextAttemptAt: Date | null;

  @ApiProperty({
    format: 'date-time',
    type: String,
    description: 'When the message was created',
    example: '2020-01-01T13:45:11.900Z',
  })
  createdAt: Date;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When the receiver accepted the delivery; null if it has not',
    example: '2020-01-01T13:45:12.087Z',
  })
  deliveredAt: Date | null;
}

export class DeliveryDetailDto extends WebhookDeliveryDto {
  @ApiProperty({
    description: 'The exact text that is signed and sent',
    example: '{"type":"import.finished","timestamp":"2020-01-01T13:45:11.900Z","id":"25bzj8j"}',
  })
  body: string;
}

export class DeliveriesPageDto {
  @ApiProperty({ type: () => WebhookDeliveryDto, isArray: true, description: 'Newest first' })
  results: WebhookDeliveryDto[];

  @ApiProperty({
    required: false,
    description: 'Pass it as `after` to get the next page; if absent, there are no more results',
    example: ID,
  })
  cursor?: string;
}

export class RedeliveryDto {
  @ApiProperty({ description: 'Id of the delivery; its `webhook-id` stays the same', example: ID })
  id: string;
}

/** Selects failed deliveries; all of them without `since`. */
@OptionalBody()
export class RedeliverFailedDto {
  @DateTime({
    maxDaysAhead: 30,
    description: 'Only deliveries that were created at or after this time',
    example: '2020-01-01T13:45:12.000Z',
  })
  since?: string;

  @Flag({ description: 'Only count the deliveries: nothing is sent' })
  dryRun?: boolean;
}

export class RedeliveredDto {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Number of failed deliveries that are sent again; with `dryRun`, that would be',
    example: 12,
  })
  redelivered: number;
}

/** Lists the fields explicitly, so that no other one is exposed. */
export function toDeliveryDto({ delivery, attempts }: DeliveryWithAttempts): WebhookDeliveryDto {
  const { id, importId, type, state, createdAt, deliveredAt } = delivery;
  const { origin, pathname } = new URL(delivery.url);
  return {
    id,
    importId,
    type,
    url: origin + pathname,
    state,
    attempts: attempts.map(toAttemptDto),
    nextAttemptAt: delivery.nextAttemptAt,
    createdAt,
    deliveredAt,
  };
}

export function toDeliveryDetailDto(found: DeliveryWithAttempts): DeliveryDetailDto {
  return Object.assign(toDeliveryDto(found), { body: found.delivery.body });
}

function toAttemptDto({
  number,
  startedAt,
  durationMs,
  statusCode,
  error,
  response,
}: WebhookAttempt): DeliveryAttemptDto {
  return { number, startedAt: startedAt.toISOString(), durationMs, statusCode, error, response };
}
