import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository, type EntityManager } from 'typeorm';
import { newestFirst, type PageOptions } from '../database/newest-first.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';
import { WebhookDelivery, type DeliveryState } from './webhook-delivery.entity.js';

export interface DeliveryWithAttempts {
  delivery: WebhookDelivery;
  /** The first one first. */
  attempts: WebhookAttempt[];
}

export interface DeliveryFilter {
  importId?: string | undefined;
  state?: DeliveryState | undefined;
}

/** The deliveries of a project, as it may see them. */
@Injectable()
export class WebhookDeliveriesRepository {
  constructor(
    @InjectRepository(WebhookDelivery) private readonly deliveries: Repository<WebhookDelivery>,
    @InjectRepository(WebhookAttempt) private readonly attempts: Repository<WebhookAttempt>,
  ) {}

  async list({ importId, state }: DeliveryFilter, page: PageOptions): Promise<DeliveryWithAttempts[]> {
    const query = this.deliveries.createQueryBuilder('delivery');
    if (importId !== undefined) query.andWhere('delivery.importId = :importId', { importId });
    if (state !== undefined) query.andWhere('delivery.state = :state', { state });
    const deliveries = await newestFirst(query, page).getMany();
    const attempts = await this.attempts.find({
      where: { deliveryId: In(deliveries.map(({ id }) => id)) },
      order: { deliveryId: 'ASC', number: 'ASC' },
    });
    const byDelivery = new Map<string, WebhookAttempt[]>(deliveries.map(({ id }) => [id, []]));
    for (const attempt of attempts) byDelivery.get(attempt.deliveryId)?.push(attempt);
    return deliveries.map((delivery) => ({ delivery, attempts: byDelivery.get(delivery.id) ?? [] }));
  }

  has(projectId: number, id: string): Promise<boolean> {
    return this.deliveries.existsBy({ projectId, id });
  }

  /** Starts the schedule again, due at once. @returns whether the project has such a delivery */
  async redeliver(tx: EntityManager, projectId: number, id: string): Promise<boolean> {
    const { affected } = await tx.update(
      WebhookDelivery,
      { projectId, id },
      { state: 'pending', nextAttemptAt: () => 'now()', deliveredAt: null, scheduledFrom: () => 'attempts' },
    );
    return (affected ?? 0) > 0;
  }
}
