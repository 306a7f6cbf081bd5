interface Source {
  /** The id that was drawn last. */
  lastId(): Promise<number>;
  /** Transactions in flight that may have drawn an id. */
  writers(): Promise<ReadonlySet<string>>;
}

/**
 * Finds out up to which id all events are settled: committed, or never to come. Ids of different imports are committed
 * in any order, so a reader of many imports must not pass an id that a transaction in flight may still commit.
 *
 * A transaction holds its lock on the table before it draws an id, and releases it after its rows are visible. So if
 * all transactions that hold such a lock after an id was drawn have ended, everything up to this id is settled.
 *
 * Numbers of transactions do not tell: the `xmax` of a snapshot is one past the youngest that has ended, not past the
 * youngest in flight, and its `xmin` waits for every transaction of the server, also in other databases.
 */
export class SettledIds {
  private candidate: { id: number; writers: ReadonlySet<string> } | undefined;
  private settled = 0;

  constructor(private readonly source: Source) {}

  /** Whether an id waits for transactions in flight: asking again soon may settle it. */
  get isWaiting(): boolean {
    return this.candidate !== undefined;
  }

  /** @returns the highest id that is known to be settled */
  async look(): Promise<number> {
    if (this.candidate !== undefined) this.check(this.candidate, await this.source.writers());
    if (this.candidate === undefined) {
      const id = await this.source.lastId();
      if (id === this.settled) return id;
      // After the id: a transaction that has drawn it, or a lower one, holds its lock by then.
      const writers = await this.source.writers();
      this.candidate = { id, writers };
      this.check(this.candidate, writers);
    }
    return this.settled;
  }

  private check({ id, writers }: { id: number; writers: ReadonlySet<string> }, present: ReadonlySet<string>) {
    if ([...writers].some((writer) => present.has(writer))) return;
    this.settled = Math.max(this.settled, id);
    this.candidate = undefined;
  }
}
