interface Waiter<T> {
  matches: (entry: T) => boolean;
  /** How many matching entries are still to come. */
  missing: number;
  resolve: (entry: T) => void;
}

export interface WaitOptions {
  /** Which of the matching entries to wait for, counted from 1 and from the beginning of the log. Default 1. */
  count?: number;
  /** After how many milliseconds to give up, with an error that says what did not come. Default 10 000. */
  timeoutMs?: number;
}

/** A log that others can wait on: every new entry is shown to who waits, nobody polls. */
export class WaitableLog<T> {
  readonly entries: T[] = [];
  private readonly waiters = new Set<Waiter<T>>();

  /** @param describe one entry in a few words, for the error of a wait that failed */
  constructor(private readonly describe: (entry: T) => string) {}

  add(entry: T): void {
    this.entries.push(entry);
    for (const waiter of this.waiters) {
      if (waiter.matches(entry) && --waiter.missing === 0) waiter.resolve(entry);
    }
  }

  /** Resolves with the entry waited for, at once where it is there already. */
  waitFor(what: string, matches: (entry: T) => boolean, options: WaitOptions = {}): Promise<T> {
    const { count = 1, timeoutMs = 60_000 } = options;
    const found = this.entries.filter(matches);
    const there = found[count - 1];
    if (there !== undefined) return Promise.resolve(there);
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        const came = this.entries.slice(-10).map(this.describe).join('; ') || 'nothing';
        const got = count - waiter.missing;
        reject(
          new Error(`${what} did not come within ${timeoutMs} ms (${got} of ${count}); last came: ${came}`),
        );
      }, timeoutMs);
      const waiter: Waiter<T> = {
        matches,
        missing: count - found.length,
        resolve: (entry) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(entry);
        },
      };
      this.waiters.add(waiter);
    });
  }
}
