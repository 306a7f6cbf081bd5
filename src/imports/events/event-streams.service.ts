import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authentication, assertScopes } from '../../auth/authentication.js';
import type { Caller } from '../../auth/caller.js';
import { Environment } from '../../config/environment.js';
import { ApiError, serviceUnavailable } from '../../http/api-error.js';
import { stackWithCauses } from '../../http/error-stack.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { PeriodicTasks } from '../../process/periodic-tasks.js';
import { ImportsService } from '../list/imports.service.js';
import { eventIn, expired, noCursor } from './event-cursor.js';
import { EventPages } from './event-pages.js';
import { EventStream, STREAM_LIMITS, type ContentCoding } from './event-stream.js';
import { ImportEventsRepository, type Subject } from './import-events.repository.js';
import { LiveEvents } from './live-events.js';
import { StreamPlaces } from './stream-places.js';

const HEARTBEAT_MS = 15_000;
/** With the cache of tokens, a stream of a revoked token ends within 5 s. */
const CHECK_TOKENS_MS = 2_000;
const RETRY_AFTER_S = 2;

export interface StreamRequest {
  caller: Caller;
  request: FastifyRequest;
  reply: FastifyReply;
  /** Query parameter. */
  after: string | undefined;
  /** Undefined: all imports of the project. */
  importId?: string;
}

interface OpenStream {
  stream: EventStream;
  authorization: string | undefined;
  caller: Caller;
}

/** The event streams of this process. */
@Injectable()
export class EventStreamsService implements OnApplicationBootstrap {
  private readonly logger = new Logger(EventStreamsService.name);
  private readonly open = new Set<OpenStream>();

  constructor(
    private readonly live: LiveEvents,
    private readonly repository: ImportEventsRepository,
    private readonly pages: EventPages,
    private readonly imports: ImportsService,
    private readonly places: StreamPlaces,
    private readonly authentication: Authentication,
    private readonly lifecycle: Lifecycle,
    private readonly tasks: PeriodicTasks,
    private readonly environment: Environment,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.start({ name: 'Heartbeats of streams', everyMs: HEARTBEAT_MS, run: () => this.beat() });
    this.tasks.start({ name: 'Tokens of streams', everyMs: CHECK_TOKENS_MS, run: () => this.checkTokens() });
    this.lifecycle.on('stop', 'End streams', () => {
      for (const { stream } of this.open) stream.end();
    });
  }

  /** Answers with a stream. @throws ApiError 400, 404, 410, 429, 503 */
  async answer({ caller, request, reply, after, importId }: StreamRequest): Promise<void> {
    this.assertAccepting();
    const subject: Subject = importId === undefined ? { projectId: caller.projectId } : { importId };
    const finishedAt =
      importId === undefined ? null : (await this.imports.find(caller.projectId, importId)).finishedAt;
    const cursor = await this.cursorOf(request.headers['last-event-id'], after, subject);
    if (importId !== undefined && finishedAt !== null) {
      const keptMs = this.environment.EVENT_RETENTION;
      if (cursor === undefined && finishedAt.getTime() < Date.now() - keptMs) throw expired('id', keptMs);
      // Clients of server-sent events reconnect after the end of a stream, but not after a 204.
      if (cursor !== undefined && cursor >= (await this.repository.lastOf(importId))) {
        await reply.code(204).send();
        return;
      }
    }
    const free = this.places.take(caller.tokenId);
    try {
      this.assertAccepting();
      const from = importId === undefined ? cursor : (cursor ?? 0);
      await this.stream(subject, from, { caller, request, reply });
    } finally {
      free();
    }
  }

  /** @throws ApiError 503 while the process shuts down: clients reconnect to another one */
  private assertAccepting(): void {
    if (!this.lifecycle.draining.aborted) return;
    throw serviceUnavailable('The service is shutting down; retry in 2 seconds', RETRY_AFTER_S);
  }

  private async stream(
    subject: Subject,
    cursor: number | undefined,
    { caller, request, reply }: Pick<StreamRequest, 'caller' | 'request' | 'reply'>,
  ): Promise<void> {
    const coding = codingOf(request);
    if (coding === 'gzip') reply.header('content-encoding', coding);
    const varying = reply.getHeader('vary');
    reply.header('vary', varying === undefined ? 'Accept-Encoding' : `${String(varying)}, Accept-Encoding`);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    // A request for the headers alone.
    if (request.method === 'HEAD') {
      raw.end();
      return;
    }
    const { live, repository, pages } = this;
    const sources = { live, repository, pages };
    const stream = new EventStream(raw, () => live.open(subject), cursor, sources, STREAM_LIMITS, coding);
    const opened = { stream, authorization: request.headers.authorization, caller };
    this.open.add(opened);
    try {
      await stream.run();
    } catch (error) {
      // The response has started, so the client only sees a lost connection, and resumes.
      this.logger.error('Stream of events failed', stackWithCauses(error));
      raw.destroy();
    } finally {
      this.open.delete(opened);
    }
  }

  private async cursorOf(
    header: string | string[] | undefined,
    after: string | undefined,
    subject: Subject,
  ): Promise<number | undefined> {
    // A client that reconnects sends the header, and the parameter as at first.
    const isHeader = typeof header === 'string' && header !== '';
    const key = isHeader ? 'Last-Event-ID' : 'after';
    const text = isHeader ? header : after;
    if (text === undefined) return undefined;
    const id = eventIn(text, { key, retentionMs: this.environment.EVENT_RETENTION });
    if (id > (await this.repository.lastId())) throw noCursor(key);
    // A place between events need not be an event of this stream.
    if ('importId' in subject && (await this.repository.belongs(id, subject)) === false) throw noCursor(key);
    return id;
  }

  private beat(): void {
    for (const { stream } of this.open) stream.heartbeat();
  }

  /** Ends the streams whose token was revoked or has expired. During an outage of the database they stay. */
  private async checkTokens(): Promise<void> {
    const byToken = new Map<string, OpenStream[]>();
    for (const each of this.open) {
      const key = each.authorization ?? '';
      const streams = byToken.get(key) ?? [];
      byToken.set(key, streams);
      streams.push(each);
    }
    for (const [authorization, streams] of byToken) {
      try {
        assertScopes(await this.authentication.callerOf(authorization), ['public-api:read']);
      } catch (error) {
        const isRefused = error instanceof ApiError && [401, 403].includes(error.statusCode);
        if (isRefused) for (const { stream } of streams) stream.end();
      }
    }
  }
}

function codingOf({ headers }: FastifyRequest): ContentCoding {
  const accepted = headers['accept-encoding'];
  // Of equals, the first: an item has about 380 bytes as text, and 49 compressed.
  return negotiate(accepted ?? 'identity', ['gzip', 'identity']) === 'gzip' ? 'gzip' : 'identity';
}
