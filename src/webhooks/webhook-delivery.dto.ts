import { ApiProperty } from '@nestjs/swagger';
import { Choice } from '../http/validators/choice.js';
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

  @Text({ max: 64, optional: true, description: 'The `cursor` of the page before', example: ID })
  after?: string;
}

export class DeliveryAttemptDto {
  @ApiProperty({ type: 'integer', description: '1 for the first', example: 1 })
  number: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was made: the `webhook-timestamp` header, which has it in seconds',
    example: '2020-01-01T13:45:12.000Z',
  })
  startedAt: string;

  @ApiProperty({ type: 'integer', description: 'How long it took, in milliseconds', example: 87 })
  durationMs: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'What the receiver answered; null where no answer came',
    example: 204,
  })
  statusCode: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What went wrong, in one sentence; null where the receiver accepted',
    example: null,
  })
  error: string | null;
}

export class WebhookDeliveryDto {
  @ApiProperty({ description: 'The `webhook-id` header, the same over all attempts', example: ID })
  id: string;

  @ApiProperty({ description: 'The import that the message tells of', example: '25bzj8j' })
  importId: string;

  @ApiProperty({
    format: 'uri',
    description: 'Where it goes, without the query, which may hold a secret',
    example: 'https://partner.example.com/hooks/reelport',
  })
  url: string;

  @ApiProperty({
    enum: STATES,
    description:
      '`pending`: an attempt is under way or will be. `delivered`: the receiver answered 2xx. `failed`: it answered 410, the address is not allowed, or the last attempt of the schedule failed. `superseded`: a retry of the import made it out of date before it was delivered',
    example: 'delivered',
  })
  state: DeliveryState;

  @ApiProperty({
    type: () => DeliveryAttemptDto,
    isArray: true,
    description: 'Every attempt that has ended, the first one first',
  })
  attempts: DeliveryAttemptDto[];

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description:
      'When the next attempt is due; while one is under way, when it counts as lost; null where none will be made',
    example: null,
  })
  nextAttemptAt: Date | null;

  @ApiProperty({
    format: 'date-time',
    type: String,
    description: 'When the message was made',
    example: '2020-01-01T13:45:11.900Z',
  })
  createdAt: Date;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When the receiver accepted it; null where it has not',
    example: '2020-01-01T13:45:12.087Z',
  })
  deliveredAt: Date | null;
}

export class DeliveriesPageDto {
  @ApiProperty({ type: () => WebhookDeliveryDto, isArray: true, description: 'Newest first' })
  results: WebhookDeliveryDto[];

  @ApiProperty({
    required: false,
    description: 'What `after` takes for the next page; left out where there is none',
    example: ID,
  })
  cursor?: string;
}

export class RedeliveryDto {
  @ApiProperty({ description: 'The delivery, whose `webhook-id` stays the same', example: ID })
  id: string;
}

/** Field by field: what is not named here is not shown. */
export function toDeliveryDto({ delivery, attempts }: DeliveryWithAttempts): WebhookDeliveryDto {
  const { id, importId, state, createdAt, deliveredAt } = delivery;
  const { origin, pathname } = new URL(delivery.url);
  return {
    id,
    importId,
    url: origin + pathname,
    state,
    attempts: attempts.map(toAttemptDto),
    nextAttemptAt: delivery.nextAttemptAt,
    createdAt,
    deliveredAt,
  };
}

function toAttemptDto({
  number,
  startedAt,
  durationMs,
  statusCode,
  error,
}: WebhookAttempt): DeliveryAttemptDto {
  return { number, startedAt: startedAt.toISOString(), durationMs, statusCode, error };
}
