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
const FIRST = 50;
const MORE = 150;
/** Rows beyond those that are shown that are loaded already. */
const AHEAD = 500;

/**
 * Items of an import, loaded part by part as the reader scrolls. Rows keep their places: what changes on the server
 * changes rows in place, and rows that no longer match stay until the list is loaded again.
 */
export class ItemsSource {
  items = $state.raw<readonly Item[]>([]);
  /** Positions of rows that no longer match the filter. */
  left = $state.raw<ReadonlySet<number>>(new Set());
  /** Whether rows have left, or others match now. */
  hasChanged = $state(false);
  /** Whether there is nothing beyond `items`. */
  isComplete = $state(false);
  isLoading = $state(true);
  trouble = $state.raw<Trouble>();
  retryAt = $state<number>();

  private cursor: string | undefined;
  private wanted = 1;
  private isBusy = false;
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

  /** Loads shown rows again, in place. Never throws: the next time it may work. */
  async renew(first: number, last: number): Promise<void> {
    const { items } = this;
    if (items.length === 0) return this.restart();
    const shown = items.slice(first, last + 1);
    if (this.isBusy || shown.length === 0) return;
    // One more: it shows whether others follow.
    const limit = Math.min(shown.length + 1, MORE);
    const part = await this.load(limit, cursorAfter(items[first - 1]), this.controller.signal).catch(
      () => undefined,
    );
    if (part === undefined || this.controller.signal.aborted) return;
    this.compare(shown, part);
  }

  /** Loads the list from its beginning; what it has stays until the new rows are there. */
  async restart(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      const part = await this.load(FIRST, undefined, this.controller.signal);
      this.items = [];
      this.left = new Set();
      this.hasChanged = false;
      this.add(part);
      this.trouble = undefined;
    } catch (error) {
      if (!this.controller.signal.aborted) this.failed(error);
    } finally {
      this.isBusy = false;
      this.isLoading = false;
    }
  }

  refresh(): Promise<void> {
    return this.fill();
  }

  stop(): void {
    this.controller.abort();
  }

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
    this.add(await this.load(limit, this.cursor, this.controller.signal));
  }

  private add({ results, cursor }: ItemsPart): void {
    this.cursor = cursor;
    this.items = [...this.items, ...results];
    this.isComplete = cursor === undefined;
  }

  private compare(shown: readonly Item[], { results, cursor }: ItemsPart): void {
    const news = new Map(results.map((item) => [item.position, item]));
    const end = cursor === undefined ? Number.POSITIVE_INFINITY : (results.at(-1)?.position ?? -1);
    const gone = shown.filter(({ position }) => position <= end && !news.has(position));
    const known = new Set(this.items.map(({ position }) => position));
    const lastKnown = this.isComplete ? Number.POSITIVE_INFINITY : (this.items.at(-1)?.position ?? -1);
    const isNew = results.some(({ position }) => position <= lastKnown && !known.has(position));
    this.items = this.items.map((item) => news.get(item.position) ?? item);
    this.left = new Set([
      ...[...this.left].filter((position) => !news.has(position)),
      ...gone.map(({ position }) => position),
    ]);
    this.hasChanged = this.left.size > 0 || isNew || this.hasChanged;
  }

  private failed(error: unknown): void {
    this.trouble = error instanceof Trouble ? error : new Trouble('refused', String(error));
    if (this.trouble.kind !== 'unreachable') return;
    const waitMs = 3_000;
    this.retryAt = Date.now() + waitMs;
    const timer = setTimeout(() => void this.fill(), waitMs);
    this.controller.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }
}

/** The cursor of a page names the position of its last item. */
function cursorAfter(item: Item | undefined): string | undefined {
  return item === undefined ? undefined : `p${item.position}`;
}
