import { Injectable } from '@nestjs/common';
import { notFound } from '../http/api-error.js';
import { Outbox } from './outbox.js';
import type {
  DeliveriesPageDto,
  DeliveriesQueryDto,
  RedeliveryDto,
  WebhookDeliveryDto,
} from './webhook-delivery.dto.js';
import { WebhookDeliveriesRepository, type DeliveryRow } from './webhook-deliveries.repository.js';

@Injectable()
export class WebhooksService {
  constructor(
    private readonly repository: WebhookDeliveriesRepository,
    private readonly outbox: Outbox,
  ) {}

  async list(
    projectId: number,
    { importId, state, limit, after }: DeliveriesQueryDto,
  ): Promise<DeliveriesPageDto> {
    const rows = await this.repository.list({ projectId, importId, state, limit, after });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { results: rows.map(toDto), ...(last !== undefined && { cursor: last.id }) };
  }

  /** The same message with the same webhook-id, at once. @throws ApiError 404 */
  async redeliver(projectId: number, id: string): Promise<RedeliveryDto> {
    if (!(await this.repository.redeliver(projectId, id))) throw notFound('No delivery has this id');
    this.outbox.announce();
    return { id };
  }
}

/** Queries of URLs carry secrets of receivers, so they are not shown. */
function toDto({
  id,
  importId,
  url,
  state,
  attempts,
  nextAttemptAt,
  createdAt,
  deliveredAt,
}: DeliveryRow): WebhookDeliveryDto {
  const { origin, pathname } = new URL(url);
  return { id, importId, url: origin + pathname, state, attempts, nextAttemptAt, createdAt, deliveredAt };
}
