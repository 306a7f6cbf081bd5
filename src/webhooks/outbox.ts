import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { Environment } from '../config/environment.js';
import { newDeliveryId } from './delivery-id.js';
import { OutboxRepository } from './outbox.repository.js';

/** A message on its way to a receiver. */
export interface OutboxMessage {
  projectId: number;
  importId: string;
  url: string;
  /** Becomes JSON here, once: the same text is signed and sent at every attempt. */
  body: object;
}

/** Where messages are left, in the transaction that makes them true, for the deliverer to take. */
@Injectable()
export class Outbox {
  private readonly announcements = new Subject<void>();
  /** Emits when there is something new; for a deliverer in the same process, others look by the clock. */
  readonly announced: Observable<void> = this.announcements.asObservable();

  constructor(
    private readonly repository: OutboxRepository,
    private readonly environment: Environment,
  ) {}

  /**
   * Leaves messages, in one statement.
   *
   * @param tx the transaction that makes them true
   * @throws TypeError where a URL cannot be parsed
   */
  async enqueue(tx: EntityManager, messages: readonly OutboxMessage[]): Promise<void> {
    const [delayMs = 0] = this.environment.WEBHOOK_SCHEDULE;
    const deliveries = messages.map(({ body, ...message }) => ({
      id: newDeliveryId(),
      ...message,
      receiverHost: new URL(message.url).host,
      body: JSON.stringify(body),
    }));
    await this.repository.insert(tx, deliveries, delayMs);
  }

  /** To be called after the commit. */
  announce(): void {
    this.announcements.next();
  }
}
