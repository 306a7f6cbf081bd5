/** Delays before consecutive restarts, in milliseconds. After the last one there is no further restart. */
const DELAYS_MS = [50, 250, 500, 1_000, 2_000, 4_000];

/** After this time without a failure, the count starts again. */
const STABLE_MS = 60_000;

/** Allows a few consecutive restarts with increasing delays. */
export class RestartBudget {
  private used = 0;
  private startedAt = Date.now();

  /** Records that the process has started. */
  noteStart(): void {
    this.startedAt = Date.now();
  }

  /** @returns milliseconds to wait before the next start; undefined if the budget is used up */
  nextDelay(): number | undefined {
    if (Date.now() - this.startedAt > STABLE_MS) this.used = 0;
    this.startedAt = Date.now();
    return DELAYS_MS[this.used++];
  }

  /** Number of consecutive restarts. */
  get restarts(): number {
    return Math.min(this.used, DELAYS_MS.length);
  }
}
