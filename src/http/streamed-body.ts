import type { Socket } from 'node:net';
import { finished, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { ApiError, badRequest, unsupportedMediaType } from './api-error.js';
import { inWords } from './list-in-words.js';
import { AddRouteConfig } from './route-config.js';

/** Media types that a route may read as a stream; all other bodies are JSON. */
export const STREAMED_TYPES = ['text/csv', 'application/x-ndjson'] as const;

export type StreamedType = (typeof STREAMED_TYPES)[number];

/** Milliseconds that the rest of a refused body may take. */
const REST_MS = 30_000;

/** Connections whose current request has time limits of its own. */
const timedByRoute = new WeakSet<Socket>();

/** Declares that a route reads its body as a stream of any length, with {@link bodyChunks}. */
export function StreamedBody(): MethodDecorator {
  return AddRouteConfig({ streamedBody: true });
}

/** Whether the route with this configuration reads its body as a stream. */
export function hasStreamedBody(config: object): boolean {
  return 'streamedBody' in config;
}

/** Whether Node's time limit for a request does not hold for this connection now. */
export function isTimedByRoute(socket: Socket): boolean {
  return timedByRoute.has(socket);
}

/** Sentence for a streamed body of another type. */
export const ONLY_STREAMS = `Must be ${inWords([...STREAMED_TYPES], 'or')}`;

/** The media type of a streamed body; undefined if it is another one. */
export function streamedTypeOf({ headers }: Pick<FastifyRequest, 'headers'>): StreamedType | undefined {
  const given = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  return STREAMED_TYPES.find((known) => known === given);
}

export interface BodyLimits {
  /** Milliseconds without a byte. */
  idleMs: number;
  /** Milliseconds for the whole body, including the time that the reader takes. */
  totalMs: number;
}

/**
 * Reads a streamed body, uncompressed or with `Content-Encoding: gzip`. The client is only read from while the caller
 * asks for more.
 *
 * @throws ApiError 400 for a body that is not gzip, 408 for one that takes too long, 415 for another encoding; the error
 *   of the connection if the client disconnects
 */
export async function* bodyChunks(
  request: FastifyRequest,
  { idleMs, totalMs }: BodyLimits,
): AsyncGenerator<Buffer> {
  const { raw } = request;
  const { socket } = raw;
  const startedAt = performance.now();
  const chunks = decoded(request).iterator({ destroyOnReturn: false });
  timedByRoute.add(socket);
  try {
    for (;;) {
      const next = await within(idleMs, chunks.next());
      if (next.done === true) return;
      if (performance.now() - startedAt > totalMs) throw tooSlow();
      yield next.value;
    }
  } catch (error) {
    throw isGzipError(error) ? badRequest({ body: 'Must be gzip, as Content-Encoding says' }) : error;
  } finally {
    timedByRoute.delete(socket);
    if (!raw.complete) endLater(raw);
  }
}

function decoded({ raw, headers }: FastifyRequest): Readable {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return raw;
  if (encoding !== 'gzip') throw unsupportedMediaType('Must be gzip or absent', 'content-encoding');
  const gunzip = createGunzip();
  // Not `pipeline`, which would close the connection before the response when the bytes are no gzip.
  finished(raw, { writable: false }, (error) => {
    if (error) gunzip.destroy(error);
  });
  return raw.pipe(gunzip);
}

async function within<T>(ms: number, result: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), ms);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
    result.catch(() => undefined); // of interest to nobody after the time limit
  }
}

/** The rest of an unread body is discarded for a while, so that the client sees the response. */
function endLater({ socket }: FastifyRequest['raw']): void {
  const timer = setTimeout(() => socket.destroy(), REST_MS);
  socket.once('close', () => clearTimeout(timer));
}

function tooSlow(): ApiError {
  return new ApiError(408, { body: 'Must arrive in full within the time limit, without long pauses' });
}

function isGzipError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
