/** How long to wait before each restart in a row, in milliseconds. After the last one it is given up. */
const DELAYS_MS = [50, 250, 500, 1_000, 2_000, 4_000];

/** Having run for this long, the process counts as well again. */
const STABLE_MS = 60_000;

/** Allows a few restarts in a row, further and further apart. */
export class RestartBudget {
  private used = 0;
  private startedAt = Date.now();

  /** The process runs. */
  noteStart(): void {
    this.startedAt = Date.now();
  }

  /** @returns milliseconds to wait before the next start, or undefined where there were too many already */
  nextDelay(): number | undefined {
    if (Date.now() - this.startedAt > STABLE_MS) this.used = 0;
    this.startedAt = Date.now();
    return DELAYS_MS[this.used++];
  }

  /** Restarts in a row so far. */
  get restarts(): number {
    return Math.min(this.used, DELAYS_MS.length);
  }
}
