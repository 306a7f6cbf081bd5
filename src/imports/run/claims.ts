import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { ClaimedItem } from '../import-kind.js';
import { batching } from '../../process/batching.js';
import { ItemWorkers } from '../item-workers.js';
import { ItemRepository } from '../item/item.repository.js';
import { Outages } from './outages.js';

/** Claims items for this worker, and renews and releases their leases. */
@Injectable()
export class Claims {
  /** Identifies this worker process as the owner of leases. */
  readonly owner = randomUUID();

  private readonly load = batching<string, ClaimedItem | null>((ids) => this.claimAll(ids), { maxSize: 64 });

  constructor(
    private readonly repository: ItemRepository,
    private readonly outages: Outages,
    private readonly workers: ItemWorkers,
    private readonly environment: Environment,
  ) {}

  /** @returns null if the item is not queued, because its job is a duplicate or late */
  claim(itemId: string): Promise<ClaimedItem | null> {
    return this.load(itemId);
  }

  renew(itemIds: readonly string[]): Promise<void> {
    return this.repository.renew(this.owner, itemIds, this.environment.LEASE_MS);
  }

  /** Numbers of the claims that this worker still holds, by item. */
  owned(itemIds: readonly string[]): Promise<Map<string, number>> {
    return this.repository.findOwned(this.owner, itemIds);
  }

  release(): Promise<void> {
    return this.repository.release(this.owner);
  }

  unqueue(itemId: string): Promise<void> {
    return this.repository.unqueue(itemId);
  }

  private async claimAll(ids: readonly string[]): Promise<Array<ClaimedItem | null>> {
    const claimed = await this.outages.outlast('Claiming items', () =>
      this.repository.claim(this.owner, ids, this.environment.LEASE_MS, this.workers.kinds),
    );
    const byId = new Map(claimed.map((item) => [item.id, item]));
    // A duplicate job in the same batch must not get the item a second time.
    return ids.map((id) => {
      const item = byId.get(id) ?? null;
      byId.delete(id);
      return item;
    });
  }
}
