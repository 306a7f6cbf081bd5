import type { ItemResult, ItemWorker, ProcessedItem } from '../../src/imports/import-kind.js';
import type { ClaimedItem } from '../../src/imports/import-kind.js';
import type { EntityManager } from 'typeorm';

const LONG_MS = 3_600_000;

/** Counts how many items are in process at once, over all kinds that share it. */
export class Meter {
  readonly hosts = new Map<string, number>();
  /** External ids in the order of their processing, over all kinds. */
  readonly order: string[] = [];
  now = 0;
  most = 0;
  mostOfHost = 0;

  enter(host: string): void {
    this.now += 1;
    this.most = Math.max(this.most, this.now);
    this.hosts.set(host, (this.hosts.get(host) ?? 0) + 1);
    this.mostOfHost = Math.max(this.mostOfHost, this.hosts.get(host) ?? 0);
  }

  leave(host: string): void {
    this.now -= 1;
    this.hosts.set(host, (this.hosts.get(host) ?? 0) - 1);
  }
}

/** A kind without files, whose parts a test replaces. */
export class StubKind implements ItemWorker {
  processMs = LONG_MS;
  /** External ids in the order of their processing. */
  readonly processed: string[] = [];
  work: (item: ClaimedItem, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  write: (tx: EntityManager) => Promise<void> = () => Promise.resolve();
  tidy: () => Promise<void> = () => Promise.resolve();

  constructor(
    readonly name: string,
    private readonly meter = new Meter(),
  ) {}

  async process(item: ClaimedItem, signal: AbortSignal): Promise<object> {
    this.meter.enter(item.originHost);
    this.processed.push(item.externalId);
    this.meter.order.push(item.externalId);
    try {
      await this.work(item, signal);
      return {};
    } finally {
      this.meter.leave(item.originHost);
    }
  }

  heardHost(): boolean {
    return true;
  }

  async record(tx: EntityManager, processed: readonly ProcessedItem[]): Promise<ItemResult[]> {
    await this.write(tx);
    return processed.map(({ item }) => ({ state: 'success', result: { id: item.externalId } }));
  }

  settle(): Promise<void> {
    return this.tidy();
  }
}
