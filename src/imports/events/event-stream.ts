import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { isUnreachable } from '../../database/unreachable-error.js';
import type { EventBodies } from './event-bodies.js';
import type { ImportEventsRepository } from './import-events.repository.js';
import type { LiveEvents } from './live-events.js';
import { encodeEvent, encodeHeartbeat, encodeProgress, OPENING, type EncodedEvent } from './sse.js';
import type { Listener, Topic } from './topic.js';
import type { Slots } from '../../process/slots.js';

export interface StreamLimits {
  /** Bytes that wait for a client. Beyond it the stream reads pages by itself, each when the one before was taken. */
  bufferBytes: number;
  /** Milliseconds after which a client that takes nothing is disconnected. */
  stallMs: number;
}

export const STREAM_LIMITS: StreamLimits = { bufferBytes: 256 * 1024, stallMs: 15_000 };

/** What a stream needs to read events. */
export interface StreamSources {
  live: LiveEvents;
  repository: ImportEventsRepository;
  bodies: EventBodies;
  /** Pages that streams of this process read at the same time. */
  reads: Slots;
}

/** Rows per page while a stream catches up. */
const PAGE = 20;
const OUTAGE_PAUSE_MS = 1_000;

/**
 * One open stream: catches up from its cursor page by page, then listens to its topic. Only this class writes to the
 * response, so the client gets each event once and in order.
 */
export class EventStream implements Listener {
  private readonly closing = new AbortController();
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
  ) {
    response.once('close', () => this.close());
    response.on('error', () => this.close());
    // Disconnected before there was a stream.
    if (response.destroyed || response.socket?.destroyed === true) this.close();
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

  event({ id, bytes }: EncodedEvent): void {
    if (!this.isLive) return;
    // What does not fit is read again, from the cursor on, when the client has taken the rest.
    if (this.isFull) return this.leave();
    this.cursor = id;
    this.write(bytes);
  }

  progress(bytes: Buffer): void {
    if (this.isLive && !this.isFull) this.write(bytes);
  }

  /** Ends the stream in order: what was written still arrives. */
  end(): void {
    if (this.closing.signal.aborted) return;
    this.response.end();
    this.close();
  }

  heartbeat(): void {
    if (this.isFull) return;
    if (this.isLive && this.topic !== undefined)
      this.cursor = Math.max(this.cursor ?? 0, this.topic.position);
    this.write(encodeHeartbeat(this.isLive ? this.cursor : undefined));
  }

  private get isFull(): boolean {
    return this.response.writableLength > this.limits.bufferBytes;
  }

  private close(): void {
    this.closing.abort();
    this.leave();
  }

  private write(bytes: Buffer): void {
    if (!this.closing.signal.aborted) this.response.write(bytes);
  }

  /** Returns when the stream listens to its topic, or is over. */
  private async catchUp(): Promise<void> {
    const { live } = this.sources;
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
      // In this order: if the import had finished before, its last event is in the page.
      const isFinished = 'importId' in topic.subject && (await live.isFinished(topic.subject.importId));
      const end = isFinished ? Infinity : topic.position;
      const isDone = await this.writePage(topic, end);
      if (this.closing.signal.aborted) return;
      if (!isDone) continue;
      if (isFinished) return this.end();
      if (end !== topic.position) continue;
      this.cursor = Math.max(this.cursor, end);
      this.isLive = true;
      topic.listeners.add(this);
      return;
    }
  }

  /** @returns whether there are no more events up to the end */
  private async writePage({ subject }: Topic, end: number): Promise<boolean> {
    const { repository, bodies, reads } = this.sources;
    const after = this.cursor ?? 0;
    if (after >= end) return true;
    const events = await reads.run(this.closing.signal, async () => {
      const rows = await repository.page({ subject, after }, end, PAGE);
      return { isLast: rows.length < PAGE, last: rows.at(-1)?.id, read: await bodies.of(rows) };
    });
    for (const event of events.read) {
      const encoded = encodeEvent(event);
      await this.drained();
      if (this.closing.signal.aborted) return true;
      this.cursor = encoded.id;
      this.write(encoded.bytes);
    }
    this.cursor = Math.max(this.cursor ?? 0, events.last ?? 0);
    return events.isLast;
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
