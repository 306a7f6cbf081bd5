import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox } from '../../webhooks/outbox.js';
import { EndingsRepository, type ItemEnding } from './endings.repository.js';
import { finishedMessage } from './finished-message.js';

/** How items end: the last one of an import ends the import and leaves its webhook, all in one transaction. */
@Injectable()
export class Endings {
  constructor(
    private readonly repository: EndingsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Writes the ends of items that the transaction has locked. */
  async write(tx: EntityManager, endings: readonly ItemEnding[]): Promise<void> {
    if (endings.length === 0) return;
    await this.repository.lockImports(
      tx,
      endings.map(({ id }) => id),
    );
    const progress = await this.repository.end(tx, endings);
    await this.outbox.enqueue(tx, progress.flatMap(finishedMessage));
  }
}
