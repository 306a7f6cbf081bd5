import { LRUCache } from 'lru-cache';

/** Long enough to relieve the database, short enough that a revocation reaches all processes within 5 s. */
const FRESH_MS = 3_000;
const MAX_ENTRIES = 10_000;

export interface TokenCacheOptions {
  freshMs?: number;
  now?: () => number;
}

/** Caches answers briefly, by key. Concurrent lookups share one answer; failures are not cached. */
export class TokenCache<T> {
  private readonly answers: LRUCache<string, Promise<T>>;
  private readonly now: () => number;

  /**
   * @param options.freshMs milliseconds for which an answer is fresh, from the start of the lookup
   * @param options.now monotonic clock in milliseconds; a wall clock that is set back would extend the lifetime
   */
  constructor({ freshMs = FRESH_MS, now = () => performance.now() }: TokenCacheOptions = {}) {
    this.now = now;
    this.answers = new LRUCache({ max: MAX_ENTRIES, ttl: freshMs, ttlResolution: 0, perf: { now } });
  }

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const start = this.now();
    const answer = ask();
    this.answers.set(key, answer, { start });
    // Callers of this lookup receive the error; the next call looks up again.
    answer.catch(() => {
      if (this.answers.peek(key) === answer) this.forget(key);
    });
    return answer;
  }

  forget(key: string): void {
    this.answers.delete(key);
  }
}
