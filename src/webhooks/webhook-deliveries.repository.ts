import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThanOrEqual, Repository, type EntityManager, type FindOptionsWhere } from 'typeorm';
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

  /** @returns null if the project has no such delivery */
  async find(projectId: number, id: string): Promise<DeliveryWithAttempts | null> {
    const delivery = await this.deliveries.findOneBy({ projectId, id });
    if (delivery === null) return null;
    const attempts = await this.attempts.find({ where: { deliveryId: id }, order: { number: 'ASC' } });
    return { delivery, attempts };
  }

  has(projectId: number, id: string): Promise<boolean> {
    return this.deliveries.existsBy({ projectId, id });
  }

  /** Starts the schedule again, due at once. @returns whether the project has such a delivery */
  async redeliver(tx: EntityManager, projectId: number, id: string): Promise<boolean> {
    return (await this.startAgain(tx, { projectId, id })) > 0;
  }

  /** The same for failed deliveries. @returns their number */
  redeliverFailed(tx: EntityManager, projectId: number, since: Date | undefined): Promise<number> {
    return this.startAgain(tx, failedSince(projectId, since));
  }

  countFailed(projectId: number, since: Date | undefined): Promise<number> {
    return this.deliveries.countBy(failedSince(projectId, since));
  }

  private async startAgain(tx: EntityManager, which: FindOptionsWhere<WebhookDelivery>): Promise<number> {
    const { affected } = await tx.update(WebhookDelivery, which, {
      state: 'pending',
      nextAttemptAt: () => 'now()',
      deliveredAt: null,
      scheduledFrom: () => 'attempts',
    });
    return affected ?? 0;
  }
}

function failedSince(projectId: number, since: Date | undefined): FindOptionsWhere<WebhookDelivery> {
  return { projectId, state: 'failed', ...(since !== undefined && { createdAt: MoreThanOrEqual(since) }) };
}
