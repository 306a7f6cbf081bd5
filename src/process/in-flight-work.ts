/** Work that this process has claimed and not finished, by key. */
export class InFlightWork {
  private readonly running = new Map<Promise<void>, { key: string; abort: AbortController }>();

  get size(): number {
    return this.running.size;
  }

  /** Number of attempts in flight by key. */
  byKey(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { key } of this.running.values()) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  }

  /**
   * Runs an attempt and counts it as in flight until it ends.
   *
   * @param attempt must not reject
   * @param ended called when the attempt is no longer counted
   */
  run(key: string, attempt: (signal: AbortSignal) => Promise<void>, ended: () => void): void {
    const abort = new AbortController();
    const done = attempt(abort.signal).finally(() => {
      this.running.delete(done);
      ended();
    });
    this.running.set(done, { key, abort });
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
