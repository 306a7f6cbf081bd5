import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox } from '../../webhooks/outbox.js';
import type { ImportProgress } from '../item/import-progress.js';
import { finishedMessage } from './finished-message.js';

/** Announces imports by webhook in the transaction that finishes them. */
@Injectable()
export class FinishedImports {
  constructor(private readonly outbox: Outbox) {}

  /** @param progress imports whose counters changed; those that are not finished are ignored */
  async announce(tx: EntityManager, progress: readonly ImportProgress[]): Promise<void> {
    await this.outbox.enqueue(tx, progress.flatMap(finishedMessage));
  }
}
