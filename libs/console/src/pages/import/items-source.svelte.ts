import { Trouble } from '../../api/trouble.js';
import type { Item } from './import-data.js';

export interface ItemsPart {
  results: Item[];
  /** Undefined on the last part. */
  cursor?: string;
}

/** @param after cursor of the previous part; undefined for the first one */
export type LoadItems = (limit: number, after: string | undefined, signal: AbortSignal) => Promise<ItemsPart>;

/** The first part is small, so that it is there soon; the others, so that none keeps the page busy. */
const FIRST = 100;
const MORE = 150;
/** Rows beyond those that are shown that are loaded already. */
const AHEAD = 500;

/**
 * Items of an import, loaded part by part as the reader scrolls. Rows keep their places: what changes on the server
 * changes rows in place, and rows that no longer match stay until the reader asks for the list again.
 */
export class ItemsSource {
  items = $state.raw<readonly Item[]>([]);
  /** Whether there is nothing beyond `items`. */
  isComplete = $state(false);
  isLoading = $state(true);
  trouble = $state.raw<Trouble>();
  retryAt = $state<number>();

  private cursor: string | undefined;
  private wanted = 1;
  private controller = new AbortController();

  constructor(private readonly load: LoadItems) {}

  /** For notes on trouble. */
  get data(): readonly Item[] | undefined {
    return this.items.length === 0 ? undefined : this.items;
  }

  /** Loads the missing items up to a row, and a few more. Never throws: `trouble` holds the error. */
  async reach(row: number): Promise<void> {
    this.wanted = Math.max(this.wanted, row + AHEAD);
    if (this.isBusy) return;
    await this.fill();
  }

  /** Loads shown rows again, in place. */
  async renew(first: number, last: number): Promise<void> {
    const { items } = this;
    const before = items[first - 1];
    if (first >= items.length) return;
    const after = first === 0 ? undefined : this.cursorAfter(before);
    const part = await this.load(Math.min(last - first + 1, MORE), after, this.controller.signal).catch(
      () => undefined,
    );
    if (part === undefined) return;
    const news = new Map(part.results.map((item) => [item.position, item]));
    this.items = this.items.map((item) => news.get(item.position) ?? item);
  }

  refresh(): Promise<void> {
    return this.fill();
  }

  stop(): void {
    this.controller.abort();
  }

  private isBusy = false;

  private async fill(): Promise<void> {
    this.isBusy = true;
    this.isLoading = true;
    try {
      while (!this.isComplete && this.items.length < this.wanted) await this.next();
      this.trouble = undefined;
    } catch (error) {
      if (!this.controller.signal.aborted) this.failed(error);
    } finally {
      this.isBusy = false;
      this.isLoading = false;
    }
  }

  private async next(): Promise<void> {
    const limit = this.items.length === 0 ? FIRST : MORE;
    const { results, cursor } = await this.load(limit, this.cursor, this.controller.signal);
    this.cursor = cursor;
    this.items = [...this.items, ...results];
    this.isComplete = cursor === undefined;
  }

  private failed(error: unknown): void {
    this.trouble = error instanceof Trouble ? error : new Trouble('refused', String(error));
    if (this.trouble.kind !== 'unreachable') return;
    const waitMs = 3_000;
    this.retryAt = Date.now() + waitMs;
    const timer = setTimeout(() => void this.fill(), waitMs);
    this.controller.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  /** The cursor of a page names the position of its last item. */
  private cursorAfter(item: Item | undefined): string | undefined {
    return item === undefined ? undefined : `p${item.position}`;
  }
}
