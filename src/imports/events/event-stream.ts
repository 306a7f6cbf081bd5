import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { isUnreachable } from '../../database/unreachable-error.js';
import { GzipStream } from '../../http/gzip-parts.js';
import type { EventPages } from './event-pages.js';
import type { ImportEventsRepository } from './import-events.repository.js';
import type { LiveEvents } from './live-events.js';
import { encodeHeartbeat, encodeProgress, OPENING, type Encoded, type EncodedEvents } from './sse.js';
import type { Listener, Topic } from './topic.js';

export interface StreamLimits {
  /** Bytes that wait for a client. Beyond it the stream reads pages by itself, each when the one before was taken. */
  bufferBytes: number;
  /** Milliseconds after which a client that takes nothing is disconnected. */
  stallMs: number;
}

export const STREAM_LIMITS: StreamLimits = { bufferBytes: 256 * 1024, stallMs: 15_000 };

export type ContentCoding = 'gzip' | 'identity';

/** What a stream needs to read events. */
export interface StreamSources {
  live: LiveEvents;
  repository: ImportEventsRepository;
  pages: EventPages;
}

const OUTAGE_PAUSE_MS = 1_000;

/**
 * One open stream: catches up from its cursor page by page, then listens to its topic. Only this class writes to the
 * response, so the client gets each event once and in order.
 */
export class EventStream implements Listener {
  private readonly closing = new AbortController();
  private readonly gzip: GzipStream | undefined;
  private topic: Topic | undefined;
  private isLive = false;
  /** Resumes `run()` when the stream has left its topic. */
  private behind: (() => void) | undefined;

  /**
   * @param cursor last event that the client has; undefined: from the next one on
   */
  constructor(
    private readonly response: ServerResponse,
    private readonly topicOf: () => Promise<Topic>,
    private cursor: number | undefined,
    private readonly sources: StreamSources,
    private readonly limits: StreamLimits,
    coding: ContentCoding,
  ) {
    response.once('close', () => this.close());
    response.on('error', () => this.close());
    // Disconnected before there was a stream.
    if (response.destroyed || response.socket?.destroyed === true) this.close();
    if (coding === 'gzip') {
      this.gzip = new GzipStream();
      if (!this.closing.signal.aborted) response.write(this.gzip.header);
    }
    this.write(OPENING);
  }

  /** Resolves when the stream is over; an outage of the database does not end it. */
  async run(): Promise<void> {
    try {
      while (!this.closing.signal.aborted) {
        try {
          await this.catchUp();
          if (this.isLive) await this.untilBehind();
        } catch (error) {
          if (this.closing.signal.aborted) return;
          // `LiveEvents` reports outages, once for all streams. The cursor is where it was.
          if (!isUnreachable(error)) throw error;
          await wait(OUTAGE_PAUSE_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
        }
      }
    } finally {
      this.leave();
      if (this.topic !== undefined) this.sources.live.close(this.topic);
    }
  }

  events(events: EncodedEvents, after: number): void {
    // A client can have later events from a process that was faster.
    if (!this.isLive || events.lastId <= this.position) return;
    // What does not fit, or what the client has in part, is read from its cursor on when it has taken the rest.
    if (this.isFull || after < this.position) return this.leave();
    this.cursor = events.lastId;
    this.write(events);
  }

  progress(progress: Encoded): void {
    if (this.isLive && !this.isFull) this.write(progress);
  }

  /** Ends the stream in order: what was written still arrives. */
  end(): void {
    if (this.closing.signal.aborted) return;
    this.response.end(this.gzip?.end());
    this.close();
  }

  heartbeat(): void {
    if (this.isFull) return;
    if (this.isLive && this.topic !== undefined) this.cursor = Math.max(this.position, this.topic.position);
    this.write(encodeHeartbeat(this.isLive ? this.cursor : undefined));
  }

  /** The last event that the client has. */
  private get position(): number {
    return this.cursor ?? 0;
  }

  private get isFull(): boolean {
    return this.response.writableLength > this.limits.bufferBytes;
  }

  private close(): void {
    this.closing.abort();
    this.leave();
  }

  private write({ bytes, gzip }: Encoded): void {
    if (!this.closing.signal.aborted) this.response.write(this.gzip?.add(gzip) ?? bytes);
  }

  /** Returns when the stream listens to its topic, or is over. */
  private async catchUp(): Promise<void> {
    const { repository } = this.sources;
    this.topic ??= await this.topicOf();
    const { topic } = this;
    if (this.closing.signal.aborted) return;
    if (this.cursor === undefined) {
      this.cursor = topic.position;
      this.write(encodeHeartbeat(this.cursor));
    }
    await this.writeProgress(topic);
    while (!this.closing.signal.aborted) {
      await this.drained();
      const { subject } = topic;
      const finalId =
        'importId' in subject
          ? (await repository.finalIds([subject.importId])).get(subject.importId)
          : undefined;
      const end = finalId ?? topic.position;
      const isDone = await this.writePage(topic, end);
      if (this.closing.signal.aborted) return;
      if (!isDone) continue;
      if (finalId !== undefined) return this.end();
      if (end !== topic.position) continue;
      this.cursor = Math.max(this.cursor, end);
      this.isLive = true;
      topic.listeners.add(this);
      return;
    }
  }

  /** @returns whether there are no more events up to the end */
  private async writePage({ subject }: Topic, end: number): Promise<boolean> {
    const after = this.position;
    if (after >= end) return true;
    const { encoded, lastId, isLast } = await this.sources.pages.of({ subject, after }, end);
    for (const events of encoded) {
      await this.drained();
      if (this.closing.signal.aborted) return true;
      this.cursor = events.lastId;
      this.write(events);
    }
    this.cursor = Math.max(this.position, lastId ?? 0);
    return isLast;
  }

  private async writeProgress({ subject }: Topic): Promise<void> {
    if (!('importId' in subject) || this.isFull) return;
    const [about] = await this.sources.repository.imports([subject.importId]);
    if (about?.finishedAt === null) this.write(encodeProgress(about));
  }

  /** Waits until the client has taken enough; disconnects one that takes nothing. */
  private async drained(): Promise<void> {
    // Below its own mark, which differs by the version of Node.js, the response announces no drain.
    if (!this.isFull || !this.response.writableNeedDrain) return;
    const limit = AbortSignal.timeout(this.limits.stallMs);
    const either = AbortSignal.any([limit, this.closing.signal]);
    await once(this.response, 'drain', { signal: either }).catch(() => undefined); // the signal tells why
    if (limit.aborted) this.response.destroy();
  }

  private async untilBehind(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.behind = resolve;
      if (!this.isLive) resolve();
    });
  }

  private leave(): void {
    this.isLive = false;
    this.topic?.listeners.delete(this);
    this.behind?.();
  }
}
