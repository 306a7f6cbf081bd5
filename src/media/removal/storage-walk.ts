import type { Storage, StoredObject } from '#libs/storage';
import { childrenOf } from './key-prefixes.js';

export interface WalkLimits {
  /** Maximum number of keys handed over together. */
  perSlice: number;
  /** Maximum number of keys that a run lists, give or take a slice. */
  perRun: number;
}

/** Cost of an empty listing, in keys. */
const EMPTY_LISTING = 10;

/**
 * Visits every object of a storage, oldest day first, over as many runs as it takes, then starts again. If a prefix
 * holds more than a slice, the walk continues with longer prefixes, so that no listing exceeds a slice.
 */
export class StorageWalk {
  /** Prefixes still to visit in this pass; the next one is last. */
  private readonly remaining: string[] = [];

  constructor(
    private readonly storage: Pick<Storage, 'list'>,
    private readonly limits: WalkLimits,
  ) {}

  /** Continues where the previous run stopped. A listing that failed is repeated. */
  async *run(signal: AbortSignal): AsyncGenerator<StoredObject[]> {
    const { perSlice, perRun } = this.limits;
    if (this.remaining.length === 0) this.remaining.push('');
    for (let listed = 0; listed < perRun && !signal.aborted;) {
      const prefix = this.remaining.at(-1);
      if (prefix === undefined) return;
      const objects = await this.list(prefix, perSlice + 1);
      listed += Math.max(objects.length, EMPTY_LISTING);
      const longer = objects.length > perSlice ? childrenOf(prefix) : [];
      if (longer.length === 0 && objects.length > 0) yield objects;
      this.remaining.pop();
      this.remaining.push(...longer.reverse());
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
