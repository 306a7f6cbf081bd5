import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox } from '../../webhooks/outbox.js';
import type { ImportProgress } from '../item/import-progress.js';
import { finishedMessage } from './finished-message.js';

/** Enqueues the webhooks of finished imports in the transaction that finishes them. */
@Injectable()
export class FinishedImports {
  constructor(private readonly outbox: Outbox) {}

  /** @param progress imports whose counters changed; unfinished ones are ignored */
  async announce(tx: EntityManager, progress: readonly ImportProgress[]): Promise<void> {
    await this.outbox.enqueue(tx, progress.flatMap(finishedMessage));
  }
}
