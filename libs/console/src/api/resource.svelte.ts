import { untrack } from 'svelte';
import { connection } from './connection.svelte.js';
import { session } from './session.svelte.js';
import { Trouble } from './trouble.js';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

interface Freshness<T> {
  /**
   * Milliseconds until it is asked for again; undefined: only when `refresh()` is called.
   *
   * @param isLive whether events tell all that has changed since it was asked for
   */
  everyMs?: (data: T, isLive: boolean) => number | undefined;
}

/**
 * What a page shows of the server. It keeps what it has while the server cannot be reached, asks again by itself, and
 * after signing in again; it rests while the tab is hidden.
 */
export class Resource<T> {
  data = $state.raw<T>();
  trouble = $state.raw<Trouble>();
  isLoading = $state(true);
  /** When it is asked for again after a failure, in milliseconds since the epoch. */
  retryAt = $state<number>();

  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private controller: AbortController | undefined;
  private load: ((signal: AbortSignal) => Promise<T>) | undefined;

  constructor(private readonly freshness: Freshness<T> = {}) {}

  /** What it has stays shown until the new data has arrived. */
  start(load: (signal: AbortSignal) => Promise<T>): void {
    this.load = load;
    this.failures = 0;
    void this.refresh();
  }

  stop(): void {
    this.load = undefined;
    this.interrupt();
  }

  /** Asks now. Never throws: what went wrong is in `trouble`. */
  async refresh(): Promise<void> {
    const { load } = this;
    if (load === undefined) return;
    this.interrupt();
    const controller = new AbortController();
    this.controller = controller;
    this.isLoading = true;
    const wasLive = connection.live;
    try {
      const data = await load(controller.signal);
      if (!controller.signal.aborted) this.arrived(data, wasLive && connection.live);
    } catch (error) {
      if (!controller.signal.aborted) this.failed(error);
    } finally {
      if (this.controller === controller) this.isLoading = false;
    }
  }

  private interrupt(): void {
    clearTimeout(this.timer);
    this.controller?.abort();
  }

  private arrived(data: T, isLive: boolean): void {
    this.data = data;
    this.trouble = undefined;
    this.retryAt = undefined;
    this.failures = 0;
    const everyMs = this.freshness.everyMs?.(data, isLive);
    if (everyMs !== undefined) this.refreshIn(everyMs);
  }

  private failed(error: unknown): void {
    this.trouble = error instanceof Trouble ? error : new Trouble('refused', String(error));
    this.retryAt = undefined;
    if (this.trouble.kind !== 'unreachable') return;
    const backoffMs = Math.min(FIRST_RETRY_MS * 2 ** this.failures, LAST_RETRY_MS);
    const waitMs = Math.max(backoffMs, (this.trouble.more.retryAfter ?? 0) * 1_000);
    this.failures += 1;
    this.retryAt = Date.now() + waitMs;
    this.refreshIn(waitMs);
  }

  private refreshIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const refresh = (): void => void this.refresh();
      if (document.hidden) document.addEventListener('visibilitychange', refresh, { once: true });
      else refresh();
    }, ms);
  }
}

/**
 * A resource for a component: loaded again when the key changes, stopped with the component.
 *
 * @param key what it depends on; the data of the former key stays shown until the new one has arrived
 */
export function resource<K, T>(
  key: () => K,
  load: (key: K, signal: AbortSignal) => Promise<T>,
  freshness?: Freshness<T>,
): Resource<T> {
  const made = new Resource<T>(freshness);
  $effect(() => {
    const current = key();
    void session.count;
    untrack(() => made.start((signal) => load(current, signal)));
    return () => made.stop();
  });
  return made;
}
