import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventNews } from '../events/event-news.js';
import { Events } from '../../events/events.js';
import { Outbox } from '../../webhooks/outbox.js';
import type { ImportProgress } from '../item/import-progress.js';
import { finishedEvent } from './finished-event.js';
import { finishedMessage } from './finished-message.js';

/**
 * Enqueues the webhooks of finished imports, and records their events, in the transaction that finishes them. Wakes those
 * who watch imports.
 */
@Injectable()
export class FinishedImports {
  constructor(
    private readonly outbox: Outbox,
    private readonly events: Events,
    private readonly news: EventNews,
  ) {}

  /** @param progress imports whose counters changed; unfinished ones and plans are ignored */
  async announce(tx: EntityManager, progress: readonly ImportProgress[]): Promise<void> {
    const runs = progress.filter(({ isRun }) => isRun);
    await this.outbox.enqueue(tx, runs.flatMap(finishedMessage));
    await this.events.record(tx, runs.flatMap(finishedEvent));
    if (progress.length > 0) this.news.announce();
  }
}
