import type { Client } from '../../client.js';
import type { ImportEvent } from '../../events.js';
import type { ImportSummary } from '../../imports.js';
import { pause } from '../../retrying.js';
import { ofImport } from '../refusal.js';
import { finishedOf, type Counters, type Progress } from './progress.js';
import { waitOf } from './waiting.js';

/** Between two looks at the imports where there are no events. */
const POLL_MS = 2_000;
/** While events come: a proxy may hold them back. */
const LOOK_MS = 30_000;
/** While nothing finishes: until the next question why. */
const STALLED_MS = 10_000;
/** Time passes also while nothing happens. */
const SHOW_MS = 1_000;

/**
 * Follows imports until all are finished, or planned: by events, and by requests where there are none.
 *
 * @returns their counters
 * @throws the reason of the signal
 */
export async function watchImports(
  client: Client,
  ids: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<Counters> {
  const watch = new Watch(client, ids, progress);
  const ended = new AbortController();
  const events = watch.listen(AbortSignal.any([signal, ended.signal]));
  const timer = setInterval(() => watch.show(), SHOW_MS);
  try {
    return await watch.poll(signal);
  } finally {
    clearInterval(timer);
    ended.abort(new Error('All imports are finished'));
    await events;
  }
}

class Watch {
  private readonly counters = new Map<string, Counters>();
  private readonly open: Set<string>;
  private hasEvents = false;
  /** Items that had finished when the imports were last looked at. */
  private finished = 0;
  private isStalled = false;
  private askedAt = -Infinity;
  /** Ends the pause of `poll()`. */
  private wake: () => void = () => undefined;

  constructor(
    private readonly client: Client,
    ids: readonly string[],
    private readonly progress: Progress,
  ) {
    this.open = new Set(ids);
  }

  /** Events only make it quicker: without them, with a proxy that holds them back, or for plans, `poll()` goes on. */
  async listen(signal: AbortSignal): Promise<void> {
    try {
      for await (const { data } of this.client.imports.allEvents({ signal })) this.take(data);
    } catch {
      // The reason is that of the next request, or that all imports are finished.
    }
    this.hasEvents = false;
    this.wake();
  }

  async poll(signal: AbortSignal): Promise<Counters> {
    for (;;) {
      for (const id of this.open) {
        this.look(await ofImport(id, this.client.imports.get(id, signal)));
      }
      if (this.open.size === 0) break;
      await this.explain(signal);
      this.show();
      await this.untilNext(signal);
    }
    this.show(true);
    return this.sum();
  }

  /** Finds out why nothing has finished since the last look. */
  private async explain(signal: AbortSignal): Promise<void> {
    const finished = finishedOf(this.sum());
    this.isStalled = finished === this.finished;
    this.finished = finished;
    const [id] = this.open;
    if (!this.isStalled || id === undefined) return this.progress.waits(undefined);
    if (performance.now() - this.askedAt < STALLED_MS) return;
    this.progress.waits(await waitOf(this.client, id, signal));
    this.askedAt = performance.now();
  }

  private async untilNext(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.wake = () => woken.abort();
    const either = AbortSignal.any([signal, woken.signal]);
    await pause(this.hasEvents ? (this.isStalled ? STALLED_MS : LOOK_MS) : POLL_MS, either).catch(() =>
      signal.throwIfAborted(),
    );
  }

  private look({ id, progress, finishedAt }: ImportSummary): void {
    // An event was quicker than this response.
    if (!this.open.has(id)) return;
    this.counters.set(id, { ...progress, planned: progress.planned ?? 0 });
    if (finishedAt !== null) this.open.delete(id);
  }

  private take(event: ImportEvent): void {
    this.hasEvents = true;
    if (!this.open.has(event.id)) return;
    if (event.type === 'items.finished') return this.progress.received(bytesOf(event.items));
    this.counters.set(event.id, {
      planned: 0,
      ...(event.type === 'import.finished' ? event.overview : event.progress),
    });
    if (finishedOf(this.sum()) !== this.finished) this.progress.waits(undefined);
    this.show();
    if (event.type !== 'import.finished') return;
    this.open.delete(event.id);
    if (this.open.size === 0) this.wake();
  }

  show(isLast = false): void {
    if (this.counters.size > 0) this.progress.show(this.sum(), isLast);
  }

  private sum(): Counters {
    const total = { total: 0, success: 0, skipped: 0, failed: 0, planned: 0 };
    for (const each of this.counters.values()) {
      total.total += each.total;
      total.success += each.success;
      total.skipped += each.skipped;
      total.failed += each.failed;
      total.planned += each.planned;
    }
    return total;
  }
}

/** Size of the files that were stored, in bytes. */
function bytesOf(items: ReadonlyArray<{ readonly state: string; readonly size?: number }>): number {
  return items.reduce((sum, { state, size }) => sum + (state === 'success' ? (size ?? 0) : 0), 0);
}
