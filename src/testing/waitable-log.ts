interface Waiter<T> {
  matches: (entry: T) => boolean;
  /** Number of matching entries that are still missing. */
  missing: number;
  resolve: (entry: T) => void;
}

export interface WaitOptions {
  /** Number of the matching entry to wait for, from 1 at the beginning of the log. Default 1. */
  count?: number;
  /** Timeout in milliseconds. Default 60 000. */
  timeoutMs?: number;
}

/** A log that notifies waiters about every new entry, without polling. */
export class WaitableLog<T> {
  readonly entries: T[] = [];
  private readonly waiters = new Set<Waiter<T>>();

  /** @param describe short text of an entry, for the error of a timeout */
  constructor(private readonly describe: (entry: T) => string) {}

  add(entry: T): void {
    this.entries.push(entry);
    for (const waiter of this.waiters) {
      if (waiter.matches(entry) && --waiter.missing === 0) waiter.resolve(entry);
    }
  }

  /** Resolves with the matching entry, at once if it exists already. */
  waitFor(what: string, matches: (entry: T) => boolean, options: WaitOptions = {}): Promise<T> {
    const { count = 1, timeoutMs = 60_000 } = options;
    const found = this.entries.filter(matches);
    const there = found[count - 1];
    if (there !== undefined) return Promise.resolve(there);
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        const latest = this.entries.slice(-10).map(this.describe).join('; ') || 'nothing';
        const got = count - waiter.missing;
        reject(
          new Error(`${what} did not arrive within ${timeoutMs} ms (${got} of ${count}); last: ${latest}`),
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
