import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';

import { errors } from 'undici';
import { describe, expect, it } from 'vitest';

import type { RequestLimits } from './limits.js';
import type { OutboundErrorCode } from './outbound.error.js';
import {
  type LoopbackServer,
  serveEndless,
  serveHttp,
  serveOnce,
  serveRaw,
  serveTcp,
  serveTrickle,
  writeForever,
} from './testing/loopback-server.js';
import { closeOf, closingScope, drain, failureOf } from './testing/scope.js';

const scope = closingScope();
const MIB = 1024 * 1024;

/** Lifts every limit that a test does not set, so that only the tested limit can end an exchange. */
const NO_LIMITS: RequestLimits = {
  headersMs: Infinity,
  idleMs: Infinity,
  speedWindowMs: Infinity,
  minBytesPerSecond: 0,
  totalMs: Infinity,
  maxBytes: Infinity,
  maxRedirects: 5,
};

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

async function failureAt(server: LoopbackServer, limits: Partial<RequestLimits> = {}) {
  const client = scope.client({ limits: { ...NO_LIMITS, ...limits } });
  return failureOf(client.request(server.origin).then(({ body }) => drain(body)));
}

describe('an endless response', () => {
  type Row = readonly [
    what: string,
    head: string,
    piece: string,
    limits: Partial<RequestLimits>,
    code: OutboundErrorCode,
  ];
  it.each<Row>([
    ['a body', `${OK}\r\n`, 'x', { maxBytes: 5 * MIB }, 'TOO_LARGE'],
    ['a chunked body', CHUNKED, '4\r\nabcd\r\n', { maxBytes: MIB }, 'TOO_LARGE'],
    ['a body in one-byte chunks', CHUNKED, '1\r\nx\r\n', { maxBytes: 100_000 }, 'TOO_LARGE'],
    ['a body, limited by time only', `${OK}\r\n`, 'x', { totalMs: 100 }, 'TIMED_OUT'],
    ['headers', OK, 'name: value\r\n', {}, 'CONNECTION_FAILED'],
    ['one header', `${OK}name: `, 'x', {}, 'CONNECTION_FAILED'],
    ['one header name', OK, 'x', {}, 'CONNECTION_FAILED'],
    ['a status line', 'HTTP/1.1 200 ', 'x', { headersMs: 50 }, 'TIMED_OUT'],
    ['empty lines before the status line', '', '\r\n', { headersMs: 50 }, 'TIMED_OUT'],
    ['interim responses', '', 'HTTP/1.1 103 Early Hints\r\n\r\n', { headersMs: 50 }, 'TIMED_OUT'],
    ['trailers', `${CHUNKED}1\r\nx\r\n0\r\n`, 'name: value\r\n', {}, 'TRUNCATED'],
    ['one trailer', `${CHUNKED}1\r\nx\r\n0\r\nname: `, 'x', {}, 'TRUNCATED'],
    ['a chunk size', CHUNKED, '0', { idleMs: 50 }, 'TIMED_OUT'],
    ['a chunk extension', `${CHUNKED}1;`, 'x', { idleMs: 50 }, 'TIMED_OUT'],
  ])('ends with an error: %s', async (_, head, piece, limits, code) => {
    const server = await scope.keep(serveEndless(head, piece));
    expect(await failureAt(server, limits)).toMatchObject({ code });
  });

  it.each<Row>([
    ['headers', OK, 'name: value\r\n', { headersMs: 50 }, 'TIMED_OUT'],
    ['one header', `${OK}name: `, 'x', { headersMs: 50 }, 'TIMED_OUT'],
    ['a body', `${OK}\r\n`, 'x', { speedWindowMs: 50, minBytesPerSecond: 100_000 }, 'TIMED_OUT'],
    ['a chunked body', CHUNKED, '1\r\nx\r\n', { speedWindowMs: 50, minBytesPerSecond: 100_000 }, 'TIMED_OUT'],
    ['a chunk extension', `${CHUNKED}1;`, 'x', { idleMs: 50 }, 'TIMED_OUT'],
    [
      'a body above the minimum speed',
      `${OK}\r\n`,
      'x',
      { speedWindowMs: 50, minBytesPerSecond: 1, totalMs: 200 },
      'TIMED_OUT',
    ],
  ])('ends with an error: %s, byte by byte', async (_, head, piece, limits, code) => {
    const server = await scope.keep(serveTrickle(head, piece));
    expect(await failureAt(server, limits)).toMatchObject({ code });
  });
});

describe('a response that is not valid HTTP', () => {
  it.each([
    ['no status line', 'hello\r\n\r\n'],
    ['another version', 'HTTP/2 200\r\n\r\n'],
    ['a two-digit status', 'HTTP/1.1 42 X\r\n\r\n'],
    ['a negative length', `${OK}content-length: -5\r\n\r\nabc`],
    ['a length that is not a number', `${OK}content-length: many\r\n\r\nabc`],
    ['a length with a sign', `${OK}content-length: +3\r\n\r\nabc`],
    ['two lengths', `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nab`],
    ['different lengths in one header', `${OK}content-length: 3, 4\r\n\r\nabc`],
    ['NUL in a header', `${OK}x: a\0b\r\ncontent-length: 2\r\n\r\nok`],
  ])('fails permanently: %s', async (_, bytes) => {
    const server = await scope.keep(serveOnce(bytes));
    expect(await failureAt(server)).toMatchObject({ code: 'CONNECTION_FAILED', temporary: false });
  });

  it.each([
    ['negative', '-1\r\nx\r\n0\r\n\r\n'],
    ['with a prefix', '0x1\r\nx\r\n0\r\n\r\n'],
    ['beyond 64 bits', 'fffffffffffffffff\r\nx\r\n'],
    ['without digits', '\r\nx\r\n'],
    ['after a space', ' 1\r\nx\r\n0\r\n\r\n'],
    ['that is not a number', 'hello\r\n'],
    ['with bare line feeds', '1\nx\n0\n\n'],
    ['too small for its chunk', '1\r\nxx\r\n0\r\n\r\n'],
    ['too large for its chunk', '5\r\nabc\r\n0\r\n\r\n'],
  ])('is TRUNCATED by a chunk size %s', async (_, chunks) => {
    const server = await scope.keep(serveRaw(CHUNKED + chunks));
    expect(await failureAt(server)).toMatchObject({ code: 'TRUNCATED', temporary: true });
  });

  it('fails if its headers exceed the limit', async () => {
    const server = await scope.keep(serveOnce(`${OK}x: ${'y'.repeat(2_000)}\r\ncontent-length: 0\r\n\r\n`));
    const [narrow, wide] = [1_000, 4_000].map((maxHeaderBytes) =>
      scope.client({ limits: { maxHeaderBytes } }),
    );
    expect(await failureOf(narrow.request(server.origin))).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect((await wide.request(server.origin)).status).toBe(200);
  });
});

describe('a wrong Content-Length', () => {
  it('ends the body early if it is too small, and the connection is not reused', async () => {
    const server = await scope.keep(
      serveRaw(`${OK}content-length: 3\r\n\r\nabc${OK}content-length: 6\r\n\r\nforged`),
    );
    const client = scope.client({ connectionsPerOrigin: 1 });
    for (let round = 0; round < 3; round++) {
      const { body } = await client.request(server.origin);
      expect(Buffer.concat(await body.toArray()).toString()).toBe('abc');
    }
    expect(server.connections()).toBe(3);
  });

  it('makes the body TRUNCATED if it is too large', async () => {
    const server = await scope.keep(serveOnce(`${OK}content-length: 10\r\n\r\nabc`));
    expect(await failureAt(server)).toMatchObject({ code: 'TRUNCATED' });
  });
});

describe('an unexpected response', () => {
  const bomb = gzipSync(Buffer.alloc(64 * MIB));

  it('is refused at its first bytes if it is a declared decompression bomb', async () => {
    const server = await scope.keep(
      serveHttp((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    );
    expect(await failureAt(server)).toMatchObject({ code: 'CONTENT_ENCODED', temporary: false });
  });

  it('is passed on as raw bytes if it is an undeclared decompression bomb', async () => {
    const server = await scope.keep(serveHttp((_, response) => response.end(bomb)));
    const { body } = await scope.client().request(server.origin, { maxBytes: bomb.length });
    expect(bomb.equals(Buffer.concat(await body.toArray()))).toBe(true);
  });

  it('is passed on as a 206 if it is an unrequested range', async () => {
    const server = await scope.keep(
      serveHttp((_, response) => response.writeHead(206, { 'content-range': 'bytes 0-1/10' }).end('ab')),
    );
    const response = await scope.client().request(server.origin);
    await response.discard();
    expect(response).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 0-1/10' } });
  });
});

describe('unparsable bytes', () => {
  const SECRET = 'secret of the server';

  it.each([
    ['instead of HTTP', `${SECRET}\r\n`],
    ['among the headers', `${OK}x: y\r\n\u0000${SECRET}\r\n\r\n`],
    ['as the length of a chunk', `${CHUNKED}1\r\nx\r\n${SECRET}\r\n`],
    ['before a response', `-${SECRET}\r\n${OK}content-length: 0\r\n\r\n`],
  ])('do not appear in the error: %s', async (_, answer) => {
    const failure = await failureAt(await scope.keep(serveOnce(answer)));
    expect(failure.cause).toBeInstanceOf(errors.HTTPParserError);
    expect(inspect(failure, { depth: Infinity, showHidden: true })).not.toContain('secret');
  });
});

describe('a server that stalls in the TLS handshake', () => {
  it('fails after the connect timeout', async () => {
    const server = await scope.keep(serveTcp((socket) => socket.resume()));
    const client = scope.client({ limits: { ...NO_LIMITS, connectMs: 50 } });
    const failure = await failureOf(client.request(`https://127.0.0.1:${server.port}/`));
    expect(failure).toMatchObject({ code: 'TIMED_OUT', temporary: true });
  });
});

describe('a redirect with a long body', () => {
  it('is followed without reading an endless body, and its connection is closed', async () => {
    const hangUps: Promise<void>[] = [];
    const target = await scope.keep(serveHttp((_, response) => response.end('arrived')));
    const server = await scope.keep(
      serveTcp((socket) => {
        hangUps.push(closeOf(socket));
        socket.once('data', () => {
          socket.write(`HTTP/1.1 302 Found\r\nlocation: ${target.origin}/\r\n\r\n`);
          writeForever(socket, 'x'.repeat(16 * 1024));
        });
      }),
    );
    const { body } = await scope.client().request(server.origin);
    expect(Buffer.concat(await body.toArray()).toString()).toBe('arrived');
    await Promise.all(hangUps);
    expect(hangUps).not.toEqual([]);
  });

  it('frees its connection for the next hop', async () => {
    const server = await scope.keep(
      serveHttp((request, response) => {
        if (request.url === '/end') response.end('arrived');
        else response.writeHead(302, { location: '/end' }).end('x'.repeat(200_000));
      }),
    );
    const { body } = await scope.client({ connectionsPerOrigin: 1 }).request(server.origin);
    expect(Buffer.concat(await body.toArray()).toString()).toBe('arrived');
  });
});

describe('memory', () => {
  it('stays flat while a large body is streamed', async () => {
    const server = await scope.keep(serveEndless(`${OK}\r\n`, 'x'.repeat(64 * 1024)));
    const client = scope.client();
    const { body } = await client.request(server.origin, { maxBytes: 512 * MIB });
    const before = process.memoryUsage.rss();
    let [bytes, peak] = [0, before];
    const failure = await failureOf(
      (async () => {
        for await (const chunk of body) {
          bytes += chunk.length;
          peak = Math.max(peak, process.memoryUsage.rss());
        }
      })(),
    );
    expect(failure).toMatchObject({ code: 'TOO_LARGE' });
    expect(bytes).toBeGreaterThan(510 * MIB);
    expect(peak - before).toBeLessThan(160 * MIB);
  });

  it('buffers only a bounded part of a body for a slow reader', async () => {
    const large = await scope.keep(serveEndless(`${OK}\r\n`, 'x'.repeat(64 * 1024)));
    const small = await scope.keep(serveHttp((_, response) => response.end('x')));
    const client = scope.client();
    const { body } = await client.request(large.origin, { maxBytes: Infinity });
    await expect.poll(() => body.readableLength).toBeGreaterThanOrEqual(64 * 1024);
    // Round trips serve as the clock: without backpressure, the server would have sent far more in that time.
    for (let round = 0; round < 100; round++) await (await client.request(small.origin)).discard();
    expect(body.readableLength).toBeLessThan(256 * 1024);
    body.destroy();
  });
});
