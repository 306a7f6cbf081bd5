interface Source {
  /** The id that was drawn last. */
  lastId(): Promise<number>;
  /** Draws a transaction number: every transaction that has one already has a lower one. */
  drawNumber(): Promise<bigint>;
  /** Every transaction with a lower number has ended. */
  oldestInFlight(): Promise<bigint>;
}

/**
 * Finds out up to which id all events are settled: committed, or never to come. Ids of different imports are committed
 * in any order, so a reader of many imports must not pass an id that a transaction in flight may still commit.
 *
 * A transaction has its number before it draws an id. So if a number is drawn after an id, and all transactions with
 * lower numbers have ended, everything up to this id is settled. The `xmax` of a snapshot is no such number: it is one
 * past the youngest transaction that has ended, and younger ones may be in flight.
 *
 * Source: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 */
export class SettledIds {
  private candidate: { id: number; number: bigint } | undefined;
  private settled = 0;

  constructor(private readonly source: Source) {}

  /** Whether an id waits for transactions in flight: asking again soon may settle it. */
  get isWaiting(): boolean {
    return this.candidate !== undefined;
  }

  /** @returns the highest id that is known to be settled */
  async look(): Promise<number> {
    await this.check();
    if (this.candidate === undefined) {
      const id = await this.source.lastId();
      if (id === this.settled) return id;
      // After the id: what drew it, or a lower one, had its number before.
      this.candidate = { id, number: await this.source.drawNumber() };
      await this.check();
    }
    return this.settled;
  }

  private async check(): Promise<void> {
    if (this.candidate === undefined || (await this.source.oldestInFlight()) < this.candidate.number) return;
    this.settled = Math.max(this.settled, this.candidate.id);
    this.candidate = undefined;
  }
}
