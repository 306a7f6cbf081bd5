import { type ArgumentsHost, Catch, type ExceptionFilter, type HttpServer, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiError } from './api-error.js';
import { codeOf } from './error-code.js';
import { errorName } from './error-names.js';
import { stackWithCauses } from './error-stack.js';
import { toKnownError } from './known-error.js';

/** Set by handlers for the answer they meant to give; wrong on an error. */
const HEADERS_OF_SUCCESS = [
  'content-length',
  'content-disposition',
  'content-encoding',
  'etag',
  'last-modified',
  'cache-control',
];

/** What a request ends with when its client goes away in the middle. */
const ABORT_CODES = new Set([
  'ECONNRESET',
  'EPIPE',
  'ABORT_ERR',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
]);

/** Answers every error of the API in its one envelope, whatever raised it. */
@Catch()
export class ErrorEnvelopeFilter implements ExceptionFilter {
  private readonly logger = new Logger('HTTP');

  /** @param adapter the HTTP adapter of the application that the filter is put on */
  constructor(private readonly adapter: HttpServer) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    // A plain ServerResponse where a middleware failed, a FastifyReply everywhere else.
    const response = host.switchToHttp().getResponse<FastifyReply | ServerResponse>();
    const raw = 'raw' in response ? response.raw : response;

    // The client went away: nobody is there to be answered, and nothing is wrong here.
    if (raw.destroyed && isAbort(thrown)) return;

    const known = toKnownError(thrown);
    const body = known ? this.tell(known, request) : this.hide(thrown, request);

    if (this.adapter.isHeadersSent?.(response)) {
      // Half an answer is out. Cutting the connection is the only way left to say that it is not whole.
      raw.destroy();
      return;
    }
    for (const name of HEADERS_OF_SUCCESS) response.removeHeader(name);
    // The rest of a body that is not read is dropped, until the request's time is over. Were the connection closed
    // under it, the client would often see a reset instead of the answer (RFC 9112, section 9.6).
    if (body.status === 413) response.removeHeader('connection');
    for (const [name, value] of Object.entries(known?.headers ?? {})) {
      this.adapter.setHeader?.(response, name, value);
    }
    this.adapter.setHeader?.(response, 'content-type', 'application/json; charset=utf-8');
    this.adapter.reply(response, body, body.status);
  }

  private tell(known: ApiError, request: FastifyRequest) {
    if (known.statusCode === 503 && known.cause !== undefined) {
      const cause = known.cause instanceof Error ? known.cause.message : 'unknown cause';
      this.logger.warn(`503 ${this.routeOf(request)}: ${cause}`);
    }
    return known.envelope;
  }

  private hide(thrown: unknown, request: FastifyRequest) {
    const errorId = randomUUID();
    this.logger.error(`${errorId} ${this.routeOf(request)}`, stackWithCauses(thrown));
    return { status: 500, error: errorName(500), error_details: { errorId } };
  }

  /** Method and path; the query string stays out of the log, since it may hold what is not ours to keep. */
  private routeOf(request: FastifyRequest): string {
    const url: string = this.adapter.getRequestUrl?.(request) ?? '';
    return `${this.adapter.getRequestMethod?.(request) ?? ''} ${url.split('?', 1)[0] ?? ''}`;
  }
}

function isAbort(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = codeOf(thrown.cause ?? thrown);
  return thrown.name === 'AbortError' || (code !== undefined && ABORT_CODES.has(code));
}
