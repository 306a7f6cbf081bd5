/** Long enough to spare the database, short enough that a revoked token ends in all processes within 5 s. */
const FRESH_MS = 3_000;
const MAX_ENTRIES = 10_000;

/** Remembers answers for a moment, by token id. Questions at the same time share one answer; failures are forgotten. */
export class TokenCache<T> {
  private readonly entries = new Map<string, { until: number; answer: Promise<T> }>();
  private readonly freshMs: number;

  constructor({ freshMs = FRESH_MS }: { freshMs?: number } = {}) {
    this.freshMs = freshMs;
  }

  get(id: string, ask: () => Promise<T>): Promise<T> {
    const known = this.entries.get(id);
    if (known !== undefined && known.until > Date.now()) return known.answer;
    const answer = ask();
    this.entries.delete(id);
    this.entries.set(id, { until: Date.now() + this.freshMs, answer });
    answer.catch(() => this.forget(id)); // whoever asked gets the error; the next one asks again
    this.evict();
    return answer;
  }

  forget(id: string): void {
    this.entries.delete(id);
  }

  /** A Map keeps the order of insertion, so the first entry is the oldest. */
  private evict(): void {
    if (this.entries.size <= MAX_ENTRIES) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
