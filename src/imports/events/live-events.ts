import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Signals } from '../../database/signals.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { OutageLog } from '../../process/outage-log.js';
import { EventBodies } from './event-bodies.js';
import {
  ImportEventsRepository,
  type EventRow,
  type Subject,
  type WatchedImport,
} from './import-events.repository.js';
import { SettledIds } from './settled-ids.js';
import { encodeEvents, encodeProgress, type EncodedEvents } from './sse.js';
import { isAbout, Topic, topicKey } from './topic.js';

/** Rows per query. */
const PAGE = 100;
/** Milliseconds between two rounds at least: what comes in between shares a bundle. */
const LEAST_PAUSE_MS = 200;
/** The same while an id waits for transactions in flight. */
const SETTLE_PAUSE_MS = 50;
/** Milliseconds for which events can go unnoticed without a signal. */
const POLL_MS = 1_000;
/** Streams that get what is new in a second, at most. With more of them rounds are rarer, up to `POLL_MS`. */
const WRITES_PER_S = 500;
const PROGRESS_EVERY_MS = 1_000;
const MAX_PROGRESS = 10_000;

interface Delivery {
  topic: Topic;
  /** Last row that was read. */
  last: EventRow | undefined;
  encoded: EncodedEvents[];
}

/**
 * Reads new events once for all streams of this process, and the end of imports for all calls that wait for it. Reads
 * nothing while nobody watches.
 */
@Injectable()
export class LiveEvents implements OnApplicationBootstrap {
  private readonly outages = new OutageLog(new Logger(LiveEvents.name));
  private readonly topics = new Map<string, Promise<Topic>>();
  private readonly opened = new Set<Topic>();
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly settled: SettledIds;
  /** When progress was last sent, by import. */
  private readonly progressAt = new LRUCache<string, number>({ max: MAX_PROGRESS });
  /** Imports whose counters have changed since. */
  private readonly changed = new Set<string>();
  private nap = new AbortController();
  private running: Promise<void> | null = null;
  private wanted = false;

  constructor(
    private readonly repository: ImportEventsRepository,
    private readonly bodies: EventBodies,
    private readonly signals: Signals,
    private readonly lifecycle: Lifecycle,
  ) {
    this.settled = new SettledIds(repository);
  }

  onApplicationBootstrap(): void {
    const subscription = this.signals.on('import_events', () => this.wake());
    this.lifecycle.on('stop', 'Stop reading events', async () => {
      subscription.unsubscribe();
      this.wake();
      await this.running;
    });
  }

  /** Opens the topic of a subject for one more stream, which must close it. Its position is the present end. */
  async open(subject: Subject): Promise<Topic> {
    const key = topicKey(subject);
    let opening = this.topics.get(key);
    if (opening === undefined) {
      opening = this.end(subject).then((position) => new Topic(subject, position));
      this.topics.set(key, opening);
      opening.catch(() => this.topics.delete(key));
    }
    const topic = await opening;
    // Closed while this waited.
    if (this.topics.get(key) !== opening) return this.open(subject);
    topic.holders += 1;
    this.opened.add(topic);
    this.start();
    return topic;
  }

  close(topic: Topic): void {
    topic.holders -= 1;
    if (topic.holders > 0) return;
    this.opened.delete(topic);
    this.topics.delete(topicKey(topic.subject));
  }

  /** Resolves when the import has finished, or the signal aborts. */
  async untilFinished(importId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const others = this.waiting.get(importId) ?? new Set();
      this.waiting.set(importId, others);
      const done = (): void => {
        others.delete(done);
        if (others.size === 0 && this.waiting.get(importId) === others) this.waiting.delete(importId);
        signal.removeEventListener('abort', done);
        resolve();
      };
      others.add(done);
      signal.addEventListener('abort', done, { once: true });
      this.start();
      this.wake();
    });
  }

  private get isNeeded(): boolean {
    return (this.opened.size > 0 || this.waiting.size > 0) && !this.lifecycle.draining.aborted;
  }

  private wake(): void {
    this.wanted = true;
    this.nap.abort();
  }

  private start(): void {
    this.running ??= this.run().finally(() => {
      this.running = null;
      if (this.isNeeded) this.start();
    });
  }

  private async run(): Promise<void> {
    while (this.isNeeded) {
      this.wanted = false;
      try {
        await this.round();
        this.outages.works('Reading events');
      } catch (error) {
        this.outages.failed('Reading events', error);
      }
      await this.pause();
    }
  }

  /** Also at shutdown no longer than a moment. */
  private async pause(): Promise<void> {
    const watchesProjects = [...this.opened].some(({ subject }) => 'projectId' in subject);
    if (watchesProjects && this.settled.isWaiting) return this.sleep(SETTLE_PAUSE_MS);
    const streams = [...this.opened].reduce((sum, { listeners }) => sum + listeners.size, 0);
    const least = Math.min(POLL_MS, Math.max(LEAST_PAUSE_MS, (1_000 * streams) / WRITES_PER_S));
    await this.sleep(least);
    if (!this.wanted) await this.sleep(POLL_MS - least, this.nap.signal);
    if (this.nap.signal.aborted) this.nap = new AbortController();
  }

  private async sleep(ms: number, signal: AbortSignal = this.lifecycle.draining): Promise<void> {
    await wait(ms, undefined, { signal }).catch(() => undefined); // woken
  }

  private async end(subject: Subject): Promise<number> {
    if ('importId' in subject) return this.repository.lastOf(subject.importId);
    const start = await this.repository.lastId();
    const settled = new SettledIds(this.repository);
    while ((await settled.look()) < start && !this.lifecycle.draining.aborted)
      await this.sleep(SETTLE_PAUSE_MS);
    return start;
  }

  private async round(): Promise<void> {
    await this.answerWaiting();
    const topics = [...this.opened].filter(({ listeners }) => listeners.size > 0);
    if (topics.length === 0) return;
    const settled = topics.some(({ subject }) => 'projectId' in subject) ? await this.settled.look() : 0;
    while ((await this.passOn(topics, settled)) === PAGE) if (!this.isNeeded) return;
    for (const topic of topics) {
      if ('projectId' in topic.subject) topic.position = Math.max(topic.position, settled);
    }
    await this.endFinished(topics);
    await this.passOnLateProgress(topics);
  }

  private async answerWaiting(): Promise<void> {
    if (this.waiting.size === 0) return;
    const finalIds = await this.repository.finalIds([...this.waiting.keys()]);
    for (const importId of finalIds.keys()) {
      for (const done of this.waiting.get(importId) ?? []) done();
    }
  }

  /** @returns the number of rows */
  private async passOn(topics: readonly Topic[], settled: number): Promise<number> {
    const places = topics.map(({ subject, position }) => ({ subject, after: position }));
    const found = await this.repository.next(places, settled, PAGE);
    const byTopic = new Map<Topic, EventRow[]>();
    for (const { place, row } of found) {
      const topic = topics[place];
      if (topic === undefined) continue;
      const rows = byTopic.get(topic) ?? [];
      byTopic.set(topic, rows);
      rows.push(row);
      this.changed.add(row.importId);
    }
    const deliveries: Delivery[] = [];
    const imports = new Map<string, WatchedImport>();
    for (const [topic, rows] of byTopic) {
      const read = await this.bodies.of(rows);
      for (const { about } of read) imports.set(about.id, about);
      deliveries.push({ topic, last: rows.at(-1), encoded: await encodeEvents(read) });
    }
    // From here on without a pause: a stream that opens now must not miss a part, and what a response is given in one
    // turn of the event loop is one write to its socket.
    for (const { topic, last, encoded } of deliveries) {
      let after = topic.position;
      for (const events of encoded) {
        for (const listener of topic.listeners) listener.events(events, after);
        after = events.lastId;
      }
      topic.position = last?.id ?? topic.position;
      topic.isAtEnd = last?.type === 'import.finished';
    }
    const due = [...imports.values()].filter(({ id }) => this.isDue(id));
    this.passOnProgress(topics, due);
    return found.length;
  }

  /** An import that has been retried since continues, also if it has finished again. */
  private async endFinished(topics: readonly Topic[]): Promise<void> {
    const ending = topics.flatMap((topic) =>
      topic.isAtEnd && 'importId' in topic.subject ? [{ topic, importId: topic.subject.importId }] : [],
    );
    if (ending.length === 0) return;
    const finalIds = await this.repository.finalIds(ending.map(({ importId }) => importId));
    for (const { topic, importId } of ending) {
      topic.isAtEnd = false;
      if ((finalIds.get(importId) ?? Infinity) > topic.position) continue;
      for (const listener of topic.listeners) listener.end();
    }
  }

  private isDue(importId: string): boolean {
    return performance.now() - (this.progressAt.get(importId) ?? -Infinity) >= PROGRESS_EVERY_MS;
  }

  /** Progress of imports about which there were events, but too soon after the last progress. */
  private async passOnLateProgress(topics: readonly Topic[]): Promise<void> {
    const due = [...this.changed].filter((id) => this.isDue(id));
    if (due.length === 0) return;
    this.passOnProgress(topics, await this.repository.imports(due));
    // Removed since.
    for (const id of due) this.changed.delete(id);
  }

  private passOnProgress(topics: readonly Topic[], imports: readonly WatchedImport[]): void {
    for (const each of imports) {
      this.changed.delete(each.id);
      this.progressAt.set(each.id, performance.now());
      if (each.finishedAt !== null) continue;
      const encoded = encodeProgress(each);
      for (const { subject, listeners } of topics) {
        if (isAbout(subject, each)) for (const listener of listeners) listener.progress(encoded);
      }
    }
  }
}
