import { Injectable } from '@nestjs/common';
import type { ItemWorker } from './import-kind.js';

/** Registry of the kinds that this process can run; the worker module of each kind registers at startup. */
@Injectable()
export class ItemWorkers {
  private readonly workers = new Map<string, ItemWorker>();

  /** @throws Error if the kind already has a worker */
  add(kind: string, worker: ItemWorker): void {
    if (this.workers.has(kind)) throw new Error(`Import kind "${kind}" already has a worker`);
    this.workers.set(kind, worker);
  }

  /** Names of all kinds with a worker, in alphabetical order. */
  get kinds(): string[] {
    return [...this.workers.keys()].toSorted();
  }

  /** @throws Error if no worker is registered for the kind; items of such a kind are never claimed */
  of(kind: string): ItemWorker {
    const worker = this.workers.get(kind);
    if (worker === undefined) throw new Error(`Import kind "${kind}" has no worker`);
    return worker;
  }
}
