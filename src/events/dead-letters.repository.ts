import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import type { EventType } from '../extension/define-listener.js';
import type { DeadLetterPosition } from './dead-letter-cursor.js';
import { EventDelivery } from './event-delivery.entity.js';

/** A delivery that was given up, with the part of its event that is shown. */
export interface DeadLetter extends DeadLetterPosition {
  listener: string;
  attempts: number;
  lastError: string;
  event: {
    type: EventType;
    occurredAt: Date;
    importId: string;
    kind: string;
    systemName: string;
    mediaId: string | null;
    externalId: string | null;
  };
}

interface DeadLetterRow extends Omit<DeadLetter, 'event'>, Omit<DeadLetter['event'], 'type'> {
  type: EventType;
}

/** The dead letters of a project. */
@Injectable()
export class DeadLettersRepository {
  constructor(@InjectRepository(EventDelivery) private readonly deliveries: Repository<EventDelivery>) {}

  /** Latest failure first. */
  async list(projectId: number, limit: number, after?: DeadLetterPosition): Promise<DeadLetter[]> {
    const query = this.deliveries
      .createQueryBuilder('delivery')
      .innerJoin('delivery.event', 'event')
      .select('delivery.id', 'id')
      .addSelect('delivery.listener', 'listener')
      .addSelect('delivery.attempts', 'attempts')
      .addSelect('delivery.last_error', 'lastError')
      .addSelect('delivery.failed_at', 'failedAt')
      .addSelect('event.type', 'type')
      .addSelect('event.occurred_at', 'occurredAt');
    for (const field of ['importId', 'kind', 'systemName', 'mediaId', 'externalId'])
      query.addSelect(`event.body->>'${field}'`, field);
    query.where(`delivery.project_id = :projectId AND delivery.state = 'dead'`, { projectId });
    if (after !== undefined)
      query.andWhere('(delivery.failed_at, delivery.id) < (:failedAt, :id)', {
        failedAt: after.failedAt,
        id: after.id,
      });
    query.orderBy('delivery.failed_at', 'DESC').addOrderBy('delivery.id', 'DESC').limit(limit);
    const rows = await query.getRawMany<DeadLetterRow>();
    return rows.map(({ id, listener, attempts, lastError, failedAt, ...event }) => ({
      id,
      listener,
      attempts,
      lastError,
      failedAt,
      event,
    }));
  }

  /** Starts the schedule again, due at once. @returns whether the project has such a dead letter */
  async retry(tx: EntityManager, projectId: number, id: string): Promise<boolean> {
    const { affected } = await tx.update(
      EventDelivery,
      { projectId, id, state: 'dead' },
      { state: 'pending', nextAttemptAt: () => 'now()', failedAt: null, scheduledFrom: () => 'attempts' },
    );
    return (affected ?? 0) > 0;
  }
}
