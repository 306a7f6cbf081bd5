import { ApiProperty } from '@nestjs/swagger';
import { Choice } from '../http/validators/choice.js';
import { PageLimit } from '../http/validators/page-limit.js';
import { Text } from '../http/validators/text.js';
import type { DeliveryState } from './webhook-delivery.entity.js';

const STATES = ['pending', 'delivered', 'failed'];

export class DeliveriesQueryDto {
  @Text({ max: 64, optional: true, description: 'Only deliveries of this import', example: '25bzj8j' })
  importId?: string;

  @Choice(STATES, { optional: true, description: 'Only deliveries in this state', example: 'failed' })
  state?: DeliveryState;

  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'The cursor of the page before' })
  after?: string;
}

export class DeliveryAttemptDto {
  @ApiProperty({ type: 'integer', description: '1 for the first', example: 1 })
  number: number;

  @ApiProperty({ format: 'date-time', example: '2020-01-01T13:45:12.000Z' })
  startedAt: string;

  @ApiProperty({ type: 'integer', description: 'Milliseconds', example: 87 })
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
    description: 'One sentence; null where the receiver accepted',
    example: null,
  })
  error: string | null;
}

export class WebhookDeliveryDto {
  @ApiProperty({
    description: 'The `webhook-id` header, the same over all attempts',
    example: 'msg_2KWPBgLlAfxdpx2AI54pPJ85',
  })
  id: string;

  @ApiProperty({ example: '25bzj8j' })
  importId: string;

  @ApiProperty({
    format: 'uri',
    description: 'Without its query',
    example: 'https://partner.example.com/hooks/reelport',
  })
  url: string;

  @ApiProperty({
    enum: STATES,
    description: '`failed`: the receiver is gone (410), refused, or the schedule is used up',
    example: 'delivered',
  })
  state: DeliveryState;

  @ApiProperty({ type: () => DeliveryAttemptDto, isArray: true })
  attempts: DeliveryAttemptDto[];

  @ApiProperty({ format: 'date-time', type: String, nullable: true, example: null })
  nextAttemptAt: Date | null;

  @ApiProperty({ format: 'date-time', type: String, example: '2020-01-01T13:45:12.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', type: String, nullable: true, example: '2020-01-01T13:45:12.000Z' })
  deliveredAt: Date | null;
}

export class DeliveriesPageDto {
  @ApiProperty({ type: () => WebhookDeliveryDto, isArray: true })
  results: WebhookDeliveryDto[];

  @ApiProperty({
    required: false,
    description: 'For `after`, where there may be more',
    example: 'msg_2KWPBgLlAfxdpx2AI54pPJ85',
  })
  cursor?: string;
}

export class RedeliveryDto {
  @ApiProperty({ example: 'msg_2KWPBgLlAfxdpx2AI54pPJ85' })
  id: string;
}
