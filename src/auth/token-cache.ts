/** Long enough to spare the database, short enough that a revoked token ends in all processes within 5 s. */
const FRESH_MS = 3_000;
const MAX_ENTRIES = 10_000;

export interface TokenCacheOptions {
  freshMs?: number;
  now?: () => number;
}

/** Remembers answers for a moment, by key. Questions at the same time share one answer; failures are forgotten. */
export class TokenCache<T> {
  private readonly entries = new Map<string, { until: number; answer: Promise<T> }>();
  private readonly freshMs: number;
  private readonly now: () => number;

  /**
   * @param options.freshMs how long an answer counts, from when the question was asked
   * @param options.now milliseconds; monotonic, since a wall clock that is set back would lengthen what it measures
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
    // Whoever asked gets the error; the next one asks again.
    answer.catch(() => this.forget(key));
    this.evict();
    return answer;
  }

  forget(key: string): void {
    this.entries.delete(key);
  }

  /** A Map keeps the order of insertion, so the first entry is the oldest. */
  private evict(): void {
    if (this.entries.size <= MAX_ENTRIES) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
