/** In-flight delivery attempts of this process. */
export class InFlightDeliveries {
  private readonly running = new Map<Promise<void>, { host: string; abort: AbortController }>();

  get size(): number {
    return this.running.size;
  }

  /** Number of in-flight attempts by host. */
  byHost(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { host } of this.running.values()) counts.set(host, (counts.get(host) ?? 0) + 1);
    return counts;
  }

  /**
   * Runs an attempt and counts it as in flight until it ends.
   *
   * @param attempt must not reject
   * @param ended called when the attempt is no longer counted
   */
  run(host: string, attempt: (signal: AbortSignal) => Promise<void>, ended: () => void): void {
    const abort = new AbortController();
    const done = attempt(abort.signal).finally(() => {
      this.running.delete(done);
      ended();
    });
    this.running.set(done, { host, abort });
  }

  /** Resolves when all attempts have ended; remaining ones are aborted at the deadline. */
  async drain(deadline: AbortSignal): Promise<void> {
    const abortRest = (): void => {
      for (const { abort } of this.running.values()) abort.abort();
    };
    if (deadline.aborted) abortRest();
    else deadline.addEventListener('abort', abortRest, { once: true });
    await Promise.allSettled(this.running.keys());
    deadline.removeEventListener('abort', abortRest);
  }
}
