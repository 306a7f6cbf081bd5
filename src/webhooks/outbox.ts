import { Injectable } from '@nestjs/common';
import { hostKey } from '#libs/outbound-http';
import type { EntityManager } from 'typeorm';
import { Environment } from '../config/environment.js';
import { Signals } from '../database/signals.js';
import { stringifyRaw } from '../http/raw-json.js';
import { newDeliveryId } from './delivery-id.js';
import { OutboxRepository } from './outbox.repository.js';

/** A message for a receiver. */
export interface OutboxMessage {
  projectId: number;
  importId: string;
  /** Type of the event in the body; by default the end of the import. */
  type?: string;
  url: string;
  /** Serialized once, here, and may contain RawJson: every attempt signs and sends the same text. */
  body: object;
}

/** Stores messages in the transaction that makes them true; the deliverer picks them up. */
@Injectable()
export class Outbox {
  constructor(
    private readonly repository: OutboxRepository,
    private readonly signals: Signals,
    private readonly environment: Environment,
  ) {}

  /**
   * Adds messages in one statement.
   *
   * @param tx the transaction that makes them true
   * @throws TypeError if a URL cannot be parsed
   */
  async enqueue(tx: EntityManager, messages: readonly OutboxMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const [delayMs = 0] = this.environment.WEBHOOK_SCHEDULE;
    const deliveries = messages.map(({ body, ...message }) => ({
      id: newDeliveryId(),
      type: 'import.finished',
      ...message,
      receiverHost: hostKey(message.url),
      body: stringifyRaw(body),
    }));
    await this.repository.insert(tx, deliveries, delayMs);
    await this.signals.send(tx, 'deliveries_due');
  }

  /**
   * Supersedes undelivered messages about the end of an import that continues; otherwise an outdated state could be
   * delivered last.
   */
  supersede(tx: EntityManager, projectId: number, importId: string): Promise<void> {
    return this.repository.supersede(tx, projectId, importId);
  }
}
