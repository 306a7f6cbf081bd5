import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Signals } from '../database/signals.js';
import { notFound } from '../http/api-error.js';
import { unknownCursor } from '../http/unknown-cursor.js';
import { isDeliveryId } from './delivery-id.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import {
  toDeliveryDetailDto,
  toDeliveryDto,
  type DeliveriesPageDto,
  type DeliveriesQueryDto,
  type DeliveryDetailDto,
  type RedeliverFailedDto,
  type RedeliveredDto,
  type RedeliveryDto,
} from './webhook-delivery.dto.js';

/** Lists and redelivers the webhooks of a project. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly repository: WebhookDeliveriesRepository,
    private readonly dataSource: DataSource,
    private readonly signals: Signals,
  ) {}

  /** @throws ApiError 400 for an unknown cursor */
  async list(projectId: number, query: DeliveriesQueryDto): Promise<DeliveriesPageDto> {
    const { importId, state, limit, after } = query;
    const rows = await this.repository.list({ importId, state }, { projectId, limit, after });
    if (rows.length === 0 && after !== undefined && !(await this.repository.has(projectId, after))) {
      throw unknownCursor();
    }
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { results: rows.map(toDeliveryDto), ...(last !== undefined && { cursor: last.delivery.id }) };
  }

  /** @throws ApiError 404 */
  async find(projectId: number, id: string): Promise<DeliveryDetailDto> {
    const found = isDeliveryId(id) ? await this.repository.find(projectId, id) : null;
    if (found === null) throw notFound('No delivery has this id');
    return toDeliveryDetailDto(found);
  }

  /**
   * Sends the same message with the same webhook-id at once, whatever its state. If an attempt is in flight, the
   * receiver may get the message twice; deliveries are at least once anyway.
   *
   * @throws ApiError 404
   */
  async redeliver(projectId: number, id: string): Promise<RedeliveryDto> {
    const found =
      isDeliveryId(id) &&
      (await this.dataSource.transaction(async (tx) => {
        await this.signals.send(tx, 'deliveries_due');
        return this.repository.redeliver(tx, projectId, id);
      }));
    if (!found) throw notFound('No delivery has this id');
    return { id };
  }

  /** Redelivers all failed deliveries, or those that were created since a time. */
  async redeliverFailed(
    projectId: number,
    { since: from, dryRun = false }: RedeliverFailedDto,
  ): Promise<RedeliveredDto> {
    const since = from === undefined ? undefined : new Date(from);
    if (dryRun) return { redelivered: await this.repository.countFailed(projectId, since) };
    const redelivered = await this.dataSource.transaction(async (tx) => {
      await this.signals.send(tx, 'deliveries_due');
      return this.repository.redeliverFailed(tx, projectId, since);
    });
    return { redelivered };
  }
}
