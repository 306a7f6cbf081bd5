import type { Storage, StoredObject } from '#libs/storage';
import { childrenOf } from './key-prefixes.js';

export interface WalkLimits {
  /** Keys that are handed over together, at most. */
  perSlice: number;
  /** Keys that a turn lists, at most, give or take a slice. */
  perTurn: number;
}

/** What a listing costs that finds nothing, in keys. */
const EMPTY_LISTING = 10;

/**
 * Visits everything in a storage, oldest day first, over as many turns as it takes, then begins again. Where a prefix
 * holds more than a slice, it goes on with longer ones, so that no listing is longer than that.
 */
export class StorageWalk {
  /** Prefixes still to be visited in this round, the next one last. */
  private readonly ahead: string[] = [];

  constructor(
    private readonly storage: Pick<Storage, 'list'>,
    private readonly limits: WalkLimits,
  ) {}

  /** Goes on where the turn before ended. What was being looked at when it failed is listed again. */
  async *turn(signal: AbortSignal): AsyncGenerator<StoredObject[]> {
    const { perSlice, perTurn } = this.limits;
    if (this.ahead.length === 0) this.ahead.push('');
    for (let listed = 0; listed < perTurn && !signal.aborted;) {
      const prefix = this.ahead.at(-1);
      if (prefix === undefined) return;
      const objects = await this.list(prefix, perSlice + 1);
      listed += Math.max(objects.length, EMPTY_LISTING);
      const longer = objects.length > perSlice ? childrenOf(prefix) : [];
      if (longer.length === 0 && objects.length > 0) yield objects;
      this.ahead.pop();
      this.ahead.push(...longer.reverse());
    }
  }

  private async list(prefix: string, count: number): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    for await (const object of this.storage.list(prefix)) {
      objects.push(object);
      if (objects.length === count) break;
    }
    return objects;
  }
}
