import { Injectable } from '@nestjs/common';
import { hostKey } from '#libs/outbound-http';
import type { EntityManager } from 'typeorm';
import { Environment } from '../config/environment.js';
import { Signals } from '../database/signals.js';
import { stringifyRaw } from '../http/raw-json.js';
import { newDeliveryId } from './delivery-id.js';
import { OutboxRepository } from './outbox.repository.js';

/** A message on its way to a receiver. */
export interface OutboxMessage {
  projectId: number;
  importId: string;
  url: string;
  /** Becomes JSON here, once, and may have RawJson in it: the same text is signed and sent at every attempt. */
  body: object;
}

/** Where messages are left, in the transaction that makes them true, for the deliverer to take. */
@Injectable()
export class Outbox {
  constructor(
    private readonly repository: OutboxRepository,
    private readonly signals: Signals,
    private readonly environment: Environment,
  ) {}

  /**
   * Leaves messages, in one statement.
   *
   * @param tx the transaction that makes them true
   * @throws TypeError where a URL cannot be parsed
   */
  async enqueue(tx: EntityManager, messages: readonly OutboxMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const [delayMs = 0] = this.environment.WEBHOOK_SCHEDULE;
    const deliveries = messages.map(({ body, ...message }) => ({
      id: newDeliveryId(),
      ...message,
      receiverHost: hostKey(message.url),
      body: stringifyRaw(body),
    }));
    await this.repository.insert(tx, deliveries, delayMs);
    await this.signals.send(tx, 'deliveries_due');
  }

  /** Gives up what has not been delivered of an import that goes on, or an older state could be the last one told. */
  supersede(tx: EntityManager, projectId: number, importId: string): Promise<void> {
    return this.repository.supersede(tx, projectId, importId);
  }
}
