/** Long enough to relieve the database, short enough that a revocation reaches all processes within 5 s. */
const FRESH_MS = 3_000;
const MAX_ENTRIES = 10_000;

export interface TokenCacheOptions {
  freshMs?: number;
  now?: () => number;
}

/** Caches answers briefly, by key. Concurrent lookups share one answer; failures are not cached. */
export class TokenCache<T> {
  private readonly entries = new Map<string, { until: number; answer: Promise<T> }>();
  private readonly freshMs: number;
  private readonly now: () => number;

  /**
   * @param options.freshMs milliseconds for which an answer is fresh, from the start of the lookup
   * @param options.now monotonic clock in milliseconds; a wall clock that is set back would extend the lifetime
   */
  constructor({ freshMs = FRESH_MS, now = () => performance.now() }: TokenCacheOptions = {}) {
    this.freshMs = freshMs;
    this.now = now;
  }

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known !== undefined && known.until > this.now()) return known.answer;
    const until = this.now() + this.freshMs;
    const answer = ask();
    this.entries.delete(key);
    this.entries.set(key, { until, answer });
    // Callers of this lookup receive the error; the next call looks up again.
    answer.catch(() => this.forget(key));
    this.evict();
    return answer;
  }

  forget(key: string): void {
    this.entries.delete(key);
  }

  /** A Map keeps insertion order, so the first entry is the oldest. */
  private evict(): void {
    if (this.entries.size <= MAX_ENTRIES) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
