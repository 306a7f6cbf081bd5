import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, badRequest, serviceUnavailable, unsupportedMediaType } from './api-error.js';
import { answerClientError } from './client-error.handler.js';
import { drainConnections } from './drain-connections.js';
import { fromFastifyError, ONLY_JSON } from './fastify-error.js';
import { jsonBodyParser } from './json-body.parser.js';
import { KnownRoutes } from './known-routes.js';

export interface AdapterOptions {
  /** Bytes that a request body may have. */
  bodyLimit: number;
  /** Milliseconds that answers under way have to end when the server closes. */
  graceMs: number;
  /** Addresses and networks whose X-Forwarded-* headers are believed. None by default. */
  trustProxy?: readonly string[];
}

/** Milliseconds in which a request has to arrive: Node's own default, which Fastify switches off. */
const REQUEST_TIMEOUT_MS = 300_000;
/** Milliseconds in which the headers of a request have to arrive. */
const HEADERS_TIMEOUT_MS = 20_000;
/** How often Node looks whether these times are over. */
const CHECK_EVERY_MS = 5_000;
/** Bytes of all headers together, the request line included: Node's own default, whatever its command line says. */
const MAX_HEADER_BYTES = 16_384;
/** Characters of a URL. The longest that is of use here, two texts in four-byte letters, has about 4 700. */
const MAX_URL_LENGTH = 8_000;

/**
 * Makes the adapter of an application: a Fastify that reads JSON bodies only, and answers what never reaches Nest
 * (malformed HTTP, bad URLs, requests during shutdown) in the error envelope as well.
 */
export function createAdapter(options: AdapterOptions): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustProxy?.length ? [...options.trustProxy] : false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const known = fromFastifyError(error);
      // Reached only by an error of the router itself; without an answer the request would hang.
      if (!known) throw error;
      void answer(reply, known);
    },
    routerOptions: { ignoreTrailingSlash: true },
    // Both are answered below, in the envelope, instead of by Fastify and Node in their own ways.
    return503OnClosing: false,
    http: {
      requireHostHeader: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
  });
  readJsonOnly(adapter, options.bodyLimit);
  refuseWithoutHost(adapter);
  refuseLongUrls(adapter);
  refuseUnknownMethods(adapter);
  refuseWhileClosing(adapter);
  drainConnections(adapter, options.graceMs);
  return adapter;
}

function readJsonOnly(adapter: FastifyAdapter, bodyLimit: number): void {
  adapter.getInstance().removeContentTypeParser('text/plain');
  adapter.useBodyParser('application/json', false, { bodyLimit }, jsonBodyParser);
  // Nest adds a parser for forms unless there is one.
  adapter.useBodyParser('application/x-www-form-urlencoded', false, { bodyLimit }, (_request, body, done) => {
    if (body.length === 0) done(null);
    else done(unsupportedMediaType(ONLY_JSON));
  });
}

/** RFC 9112, section 3.2: a request of HTTP/1.1 without Host is answered with 400. */
function refuseWithoutHost(adapter: FastifyAdapter): void {
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
      void answer(
        reply.header('connection', 'close'),
        badRequest({ host: 'This header is required by HTTP/1.1' }),
      );
      return;
    }
    done();
  });
}

/** RFC 9110, section 15.5.15. */
function refuseLongUrls(adapter: FastifyAdapter): void {
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    if (request.url.length > MAX_URL_LENGTH) {
      void answer(
        reply,
        new ApiError(414, { url: `This must be no longer than ${MAX_URL_LENGTH} characters` }),
      );
      return;
    }
    done();
  });
}

function refuseUnknownMethods(adapter: FastifyAdapter): void {
  const routes = new KnownRoutes(adapter);
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    const refusal = request.is404 ? routes.refusalOf(request.method, request.url) : undefined;
    if (refusal === undefined) done();
    else void answer(reply, refusal);
  });
}

function refuseWhileClosing(adapter: FastifyAdapter): void {
  let closing = false;
  adapter.getInstance().addHook('preClose', (done) => {
    closing = true;
    done();
  });
  adapter.getInstance().addHook('onRequest', (_request, reply, done) => {
    if (closing) {
      void answer(
        reply.header('connection', 'close'),
        serviceUnavailable('The service is shutting down; try again', 5),
      );
      return;
    }
    done();
  });
}

function answer(reply: FastifyReply, error: ApiError): FastifyReply {
  return (
    reply
      .code(error.statusCode)
      .headers(error.headers)
      .header('content-type', 'application/json; charset=utf-8')
      // These answers go out before the security headers of the others are put on.
      .header('x-content-type-options', 'nosniff')
      .send(error.envelope)
  );
}
