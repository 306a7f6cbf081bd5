import type { Snapshot } from './import-events.repository.js';

interface Source {
  lastId(): Promise<number>;
  snapshot(): Promise<Snapshot>;
}

/**
 * Finds out up to which id all events are settled: committed, or never to come. Ids of different imports are committed
 * in any order, so a reader of many imports must not pass an id that a transaction in flight may still commit.
 *
 * A transaction has its number before it draws an id. So if an id was drawn before a snapshot, and no transaction that
 * had begun before this snapshot is in flight any more, everything up to this id is settled.
 */
export class SettledIds {
  private candidate: { id: number; xmax: bigint } | undefined;
  private settled = 0;

  constructor(private readonly source: Source) {}

  /** Whether an id waits for transactions in flight: asking again soon may settle it. */
  get isWaiting(): boolean {
    return this.candidate !== undefined;
  }

  /** @returns the highest id that is known to be settled */
  async look(): Promise<number> {
    if (this.candidate !== undefined) this.check(await this.source.snapshot());
    if (this.candidate === undefined) {
      // In this order: a statement sees the sequence as of its execution, but the snapshot as of its beginning.
      const id = await this.source.lastId();
      const snapshot = await this.source.snapshot();
      this.candidate = { id, xmax: snapshot.xmax };
      this.check(snapshot);
    }
    return this.settled;
  }

  private check({ xmin }: Snapshot): void {
    if (this.candidate === undefined || xmin < this.candidate.xmax) return;
    this.settled = Math.max(this.settled, this.candidate.id);
    this.candidate = undefined;
  }
}
