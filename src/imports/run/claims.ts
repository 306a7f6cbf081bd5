import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { ClaimedItem } from '../import-kind.js';
import { batching } from '../../process/batching.js';
import { ItemRepository } from '../item/item.repository.js';
import { Outages } from './outages.js';

/** Makes items this worker's own. */
@Injectable()
export class Claims {
  /** Names this worker process in the rows that it holds. */
  readonly owner = randomUUID();

  private readonly load = batching<string, ClaimedItem | null>((ids) => this.claimAll(ids), { maxSize: 64 });

  constructor(
    private readonly repository: ItemRepository,
    private readonly outages: Outages,
    private readonly environment: Environment,
  ) {}

  /** @returns null where the item is not queued: the job came twice, or too late */
  claim(itemId: string): Promise<ClaimedItem | null> {
    return this.load(itemId);
  }

  renew(itemIds: readonly string[]): Promise<void> {
    return this.repository.renew(this.owner, itemIds, this.environment.LEASE_MS);
  }

  /** Which of these items are still ours. */
  async owned(itemIds: readonly string[]): Promise<Set<string>> {
    return new Set(await this.repository.findOwned(this.owner, itemIds));
  }

  release(): Promise<void> {
    return this.repository.release(this.owner);
  }

  unqueue(itemId: string): Promise<void> {
    return this.repository.unqueue(itemId);
  }

  private async claimAll(ids: readonly string[]): Promise<Array<ClaimedItem | null>> {
    const claimed = await this.outages.outlast('Claiming items', () =>
      this.repository.claim(this.owner, ids, this.environment.LEASE_MS),
    );
    const byId = new Map(claimed.map((item) => [item.id, item]));
    // A job that is in one batch twice gets its item once.
    return ids.map((id) => {
      const item = byId.get(id) ?? null;
      byId.delete(id);
      return item;
    });
  }
}
