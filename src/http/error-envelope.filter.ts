import { type ArgumentsHost, Catch, type ExceptionFilter, type HttpServer, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiError } from './api-error.js';
import { codeOf } from '#libs/errors';
import { errorName } from './error-names.js';
import { stackWithCauses } from './error-stack.js';
import { toKnownError } from './known-error.js';

/** Headers that a handler set for a successful response; wrong on an error. */
const HEADERS_OF_SUCCESS = [
  'content-length',
  'content-disposition',
  'content-encoding',
  'etag',
  'last-modified',
  'cache-control',
];

/** Error codes of a request whose client disconnected. */
const ABORT_CODES = new Set([
  'ECONNRESET',
  'EPIPE',
  'ABORT_ERR',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
]);

/** Renders every error of the API in the error envelope. */
@Catch()
export class ErrorEnvelopeFilter implements ExceptionFilter {
  private readonly logger = new Logger('HTTP');

  /** @param adapter HTTP adapter of the application that uses the filter */
  constructor(private readonly adapter: HttpServer) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    // A plain ServerResponse if a middleware failed, otherwise a FastifyReply.
    const response = host.switchToHttp().getResponse<FastifyReply | ServerResponse>();
    const raw = 'raw' in response ? response.raw : response;

    // The client disconnected; this is not an error of the service.
    if (raw.destroyed && isAbort(thrown)) return;

    const known = toKnownError(thrown);
    const body = known ? this.renderKnown(known, request) : this.renderUnexpected(thrown, request);

    if (this.adapter.isHeadersSent?.(response)) {
      // Part of the response is sent. Only closing the connection tells the client that it is incomplete.
      raw.destroy();
      return;
    }
    for (const name of HEADERS_OF_SUCCESS) response.removeHeader(name);
    // The rest of an unread body is discarded until the request times out. Closing the connection instead would often
    // show the client a reset rather than the response (RFC 9112, section 9.6).
    if (body.status === 413) response.removeHeader('connection');
    for (const [name, value] of Object.entries(known?.headers ?? {})) {
      this.adapter.setHeader?.(response, name, value);
    }
    this.adapter.setHeader?.(response, 'content-type', 'application/json; charset=utf-8');
    this.adapter.reply(response, body, body.status);
  }

  private renderKnown(known: ApiError, request: FastifyRequest) {
    if (known.statusCode === 503 && known.cause !== undefined) {
      const cause = known.cause instanceof Error ? known.cause.message : 'unknown cause';
      this.logger.warn(
        `Request failed, dependency unavailable status=503 route="${this.routeOf(request)}": ${cause}`,
      );
    }
    return known.envelope;
  }

  private renderUnexpected(thrown: unknown, request: FastifyRequest) {
    const errorId = randomUUID();
    this.logger.error(
      `Request failed status=500 errorId=${errorId} route="${this.routeOf(request)}"`,
      stackWithCauses(thrown),
    );
    return { status: 500, error: errorName(500), error_details: { errorId } };
  }

  /** Returns method and path. The query string stays out of the log because it may hold secrets. */
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
