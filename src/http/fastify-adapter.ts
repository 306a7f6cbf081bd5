import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, badRequest, serviceUnavailable, unsupportedMediaType } from './api-error.js';
import { answerClientError } from './client-error.handler.js';
import { drainConnections } from './drain-connections.js';
import { fromFastifyError, ONLY_JSON } from './fastify-error.js';
import { jsonBodyParser } from './json-body.parser.js';
import { KnownRoutes } from './known-routes.js';
import { hasStreamedBody, ONLY_STREAMS, STREAMED_TYPES, streamedTypeOf } from './streamed-body.js';

export interface AdapterOptions {
  /** Maximum size of a request body, in bytes. */
  bodyLimit: number;
  /** Milliseconds that in-flight responses have to finish when the server closes. */
  graceMs: number;
  /** Addresses and networks whose X-Forwarded-* headers are trusted; none by default. */
  trustProxy?: readonly string[];
}

/** Milliseconds within which a request must arrive: Node's default, which Fastify disables. */
const REQUEST_TIMEOUT_MS = 300_000;
/** Milliseconds within which the headers of a request must arrive. */
const HEADERS_TIMEOUT_MS = 20_000;
/** Milliseconds between Node's checks of these timeouts. */
const CHECK_EVERY_MS = 5_000;
/** Maximum bytes of all headers including the request line: Node's default, independent of its command line. */
const MAX_HEADER_BYTES = 16_384;
/** Maximum characters of a URL. The longest useful one, with two texts in four-byte characters, has about 4 700. */
const MAX_URL_LENGTH = 8_000;

/**
 * Creates the adapter of an application: a Fastify that reads JSON bodies, leaves those of routes with `@StreamedBody()` to
 * the route, and renders errors raised before Nest
 * (malformed HTTP, bad URLs, requests during shutdown) in the error envelope.
 */
export function createAdapter(options: AdapterOptions): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustProxy?.length ? [...options.trustProxy] : false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const known = fromFastifyError(error);
      // Only an error of the router itself gets here; without a response the request would hang.
      if (!known) throw error;
      void answer(reply, known);
    },
    routerOptions: { ignoreTrailingSlash: true },
    // Both are answered below in the envelope, not in Fastify's and Node's own formats.
    return503OnClosing: false,
    http: {
      requireHostHeader: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
  });
  readJsonOnly(adapter, options.bodyLimit);
  passStreamedBodies(adapter);
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
  // Nest adds a form parser unless one exists.
  adapter.useBodyParser('application/x-www-form-urlencoded', false, { bodyLimit }, (_request, body, done) => {
    if (body.length === 0) done(null);
    else done(unsupportedMediaType(ONLY_JSON));
  });
}

/** Bodies without a limit, which no other route accepts. */
function passStreamedBodies(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  for (const type of STREAMED_TYPES) {
    fastify.addContentTypeParser(type, ({ routeOptions }, body, done) => {
      if (hasStreamedBody(routeOptions.config)) done(null, body);
      else done(unsupportedMediaType(ONLY_JSON));
    });
  }
  fastify.addHook('preParsing', (request, _reply, _body, done) => {
    if (hasStreamedBody(request.routeOptions.config) && streamedTypeOf(request) === undefined) {
      done(unsupportedMediaType(ONLY_STREAMS));
    } else done(null);
  });
}

/** RFC 9112, section 3.2: an HTTP/1.1 request without Host is answered with 400. */
function refuseWithoutHost(adapter: FastifyAdapter): void {
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
      void answer(reply.header('connection', 'close'), badRequest({ host: 'HTTP/1.1 requires this header' }));
      return;
    }
    done();
  });
}

/** RFC 9110, section 15.5.15. */
function refuseLongUrls(adapter: FastifyAdapter): void {
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    if (request.url.length > MAX_URL_LENGTH) {
      void answer(reply, new ApiError(414, { url: `Must be at most ${MAX_URL_LENGTH} characters` }));
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
        serviceUnavailable('The service is shutting down; retry in 5 seconds', 5),
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
      // These responses are sent before the security headers are added.
      .header('x-content-type-options', 'nosniff')
      .send(error.envelope)
  );
}
