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

  /**
   * Writes the ends of items that the transaction has locked.
   *
   * @param importIds where they are known: those of one import need no order among locks
   */
  async write(
    tx: EntityManager,
    endings: readonly ItemEnding[],
    importIds?: ReadonlySet<string>,
  ): Promise<void> {
    if (endings.length === 0) return;
    if (importIds?.size !== 1) {
      await this.repository.lockImports(
        tx,
        endings.map(({ id }) => id),
      );
    }
    const progress = await this.repository.end(tx, endings);
    await this.outbox.enqueue(tx, progress.flatMap(finishedMessage));
  }

  /**
   * Counts items of one import that the transaction has made `failed` by itself, however many. It must hold the locks of
   * all items of the import that had not ended, so that nobody else counts for it at the same time.
   */
  async countFailed(tx: EntityManager, importId: string, count: number): Promise<void> {
    const progress = await this.repository.countFailed(tx, importId, count);
    await this.outbox.enqueue(tx, progress.flatMap(finishedMessage));
  }
}
