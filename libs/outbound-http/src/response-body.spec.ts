import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import type { OutboundRequest } from './outbound.client.js';
import { discardBody } from './response-body.js';
import { CERTIFICATE } from './testing/certificate.js';
import {
  serveEndless,
  serveHttp,
  serveHttps,
  serveOnce,
  serveRaw,
  serveTcp,
  serveTrickle,
  type LoopbackServer,
  writeForever,
} from './testing/loopback-server.js';
import { closeOf, closingScope, drain, failureOf } from './testing/scope.js';

const scope = closingScope();
const SMALL = { headersMs: 40, idleMs: 40, speedWindowMs: 40, minBytesPerSecond: 0 };

async function read({ origin }: LoopbackServer, request?: OutboundRequest): Promise<Buffer> {
  return buffer((await scope.client().request(origin, request)).body);
}

/** A server that sends these bytes once and hangs up. */
const sending = (bytes: string): Promise<LoopbackServer> => scope.keep(serveOnce(bytes));

const endless = (head: string): Promise<LoopbackServer> =>
  scope.keep(serveEndless(`HTTP/1.1 200 OK\r\n${head}\r\n`, 'x'));

/** A server that sends `head` once and then `piece` repeatedly until the connection closes. */
const trickle = (head: string, piece: string): Promise<LoopbackServer> =>
  scope.keep(serveTrickle(head, piece));

describe('a body', () => {
  it('arrives completely with a slow reader', async () => {
    const sent = Buffer.alloc(8 * 1024 * 1024, 'abcdefg');
    const server = await scope.keep(serveHttp((_, response) => response.end(sent)));
    const { body } = await scope.client().request(server.origin);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) {
      chunks.push(chunk);
      await new Promise(setImmediate);
    }
    expect(Buffer.concat(chunks).equals(sent)).toBe(true);
  });

  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['chunked', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n'],
    ['ended by the end of the connection', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok'],
    [
      'with identity encoding',
      'HTTP/1.1 200 OK\r\ncontent-encoding: Identity\r\ncontent-length: 2\r\n\r\nok',
    ],
    [
      'after an interim response',
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
    ],
    ['followed by excess bytes', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok, and more'],
  ])('is read: %s', async (_, bytes) => {
    expect((await read(await sending(bytes))).toString()).toBe('ok');
  });

  it.each([
    ['shorter than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'],
    [
      'shorter than its length, with Connection: close',
      'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\nabc',
    ],
    ['without its last chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'],
    ['with a broken chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n'],
  ])('is TRUNCATED: %s', async (_, bytes) => {
    expect(await failureOf(read(await sending(bytes)))).toMatchObject({ code: 'TRUNCATED', temporary: true });
  });

  it.each([
    ['a body', 'connection: close\r\n'],
    ['a body without any framing header', ''],
    ['an empty body', 'connection: close\r\n', ''],
  ])('is TRUNCATED by a reset if it has no length: %s', async (_, head, sent = 'x'.repeat(100_000)) => {
    const sockets: Socket[] = [];
    const server = await scope.keep(
      serveTcp((socket) => {
        sockets.push(socket);
        socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n${sent}`));
      }),
    );
    const { body } = await scope.client().request(server.origin);
    // Everything that was sent has been read: only the reset distinguishes this from a complete body.
    for (let bytes = 0; bytes < sent.length;) {
      const [chunk]: Buffer[] = await once(body, 'data');
      bytes += chunk?.length ?? 0;
    }
    for (const socket of sockets) socket.resetAndDestroy();
    expect(await failureOf(drain(body))).toMatchObject({ code: 'TRUNCATED', temporary: true });
  });

  it('without a length is read over TLS if it ends in order', async () => {
    const server = await scope.keep(
      serveHttps((_, response) => {
        response.useChunkedEncodingByDefault = false;
        response.write('x'.repeat(100_000));
        response.end('x'.repeat(100_000));
      }),
    );
    const client = scope.client({ lookup: async () => ['127.0.0.1'], certificateAuthorities: [CERTIFICATE] });
    const response = await client.request(`https://files.example.com:${server.port}/`);
    expect(response.headers).not.toHaveProperty('transfer-encoding');
    expect(await buffer(response.body)).toHaveLength(200_000);
  });

  it('that fails before it is read fails its reader and not the process', async () => {
    const server = await sending('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc');
    const { body } = await scope.client().request(server.origin);
    await closeOf(body);
    expect(await failureOf(text(body))).toMatchObject({ code: 'TRUNCATED' });
  });

  it('of exactly `maxBytes` is read', async () => {
    const server = await scope.keep(serveHttp((_, response) => response.end('x'.repeat(1000))));
    expect(await read(server, { maxBytes: 1000 })).toHaveLength(1000);
  });

  it('is refused at the headers if its length exceeds `maxBytes`', async () => {
    const server = await scope.keep(serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n'));
    expect(await failureOf(scope.client().request(server.origin, { maxBytes: 1000 }))).toMatchObject({
      code: 'TOO_LARGE',
      temporary: false,
    });
  });

  it.each([
    ['without a length', 'connection: close\r\n'],
    ['with a length above the limit', 'content-length: 99999999999999\r\n'],
  ])('is TOO_LARGE if it is endless, %s', async (_, head) => {
    const server = await endless(head);
    const answer = scope.client().request(server.origin, { maxBytes: 1_000_000 });
    expect(await failureOf(answer.then(({ body }) => drain(body)))).toMatchObject({ code: 'TOO_LARGE' });
  });

  it('of a POST or an error response is not checked before it is read', async () => {
    const server = await scope.keep(
      serveHttp((request, response) => {
        const status = request.method === 'POST' ? 200 : 404;
        response.writeHead(status, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1000)));
      }),
    );
    const client = scope.client();
    for (const method of ['GET', 'POST'] as const) {
      const response = await client.request(server.origin, { method, maxBytes: 1 });
      await response.discard();
      expect(response.status).toBe(method === 'POST' ? 200 : 404);
    }
  });

  it('of a HEAD response is empty, whatever its Content-Length', async () => {
    const server = await scope.keep(
      serveHttp((_, response) => response.setHeader('content-length', 5000).end()),
    );
    const response = await scope.client().request(server.origin, { method: 'HEAD', maxBytes: 10 });
    expect(response.headers['content-length']).toBe('5000');
    expect(await text(response.body)).toBe('');
  });

  it('that is abandoned closes its connection', async () => {
    const hangUps: Promise<unknown>[] = [];
    const server = await scope.keep(
      serveTcp((socket) => {
        socket.once('data', () => {
          hangUps.push(closeOf(socket));
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          writeForever(socket, 'x'.repeat(1024));
        });
      }),
    );
    const { body } = await scope.client().request(server.origin);
    for await (const chunk of body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await Promise.all(hangUps);
    expect(hangUps).toHaveLength(1);
  });
});

describe('discardBody', () => {
  it.each([
    ['reads only a bounded part of an endless body', Number.NaN, 256 * 1024],
    ['reads nothing of a long body', 1e9, 1],
  ])('%s', async (_, declaredBytes, fewerThan) => {
    let bytes = 0;
    const body = new Readable({
      read() {
        // Finite, so that reading all of it fails the test rather than hanging it.
        bytes += 16 * 1024;
        this.push(bytes > 4 * 1024 * 1024 ? null : Buffer.alloc(16 * 1024));
      },
    });
    await discardBody(body, declaredBytes);
    expect(body.destroyed).toBe(true);
    expect(bytes).toBeLessThan(fewerThan);
  });

  it('does not wait for a stalled body', { timeout: 20_000 }, async () => {
    const body = new Readable({ read: () => undefined });
    await discardBody(body, 10);
    expect(body.destroyed).toBe(true);
  });
});

describe('a signal', () => {
  it('aborts a request before it starts, while it waits, and while its body is read', async () => {
    const silent = await scope.keep(serveTcp((socket) => socket.resume()));
    const talking = await endless('');
    const client = scope.client();

    const early = await failureOf(client.request(silent.origin, { signal: AbortSignal.abort('why') }));
    expect(early).toMatchObject({ code: 'ABORTED', cause: 'why' });
    expect(silent.connections()).toBe(0);

    const waiting = new AbortController();
    const answer = failureOf(client.request(silent.origin, { signal: waiting.signal }));
    waiting.abort();
    expect(await answer).toMatchObject({ code: 'ABORTED' });

    const reading = new AbortController();
    const { body } = await client.request(talking.origin, { signal: reading.signal });
    body.once('data', () => reading.abort());
    await closeOf(body);
    expect(body.errored).toMatchObject({ code: 'ABORTED' });
  });
});

describe('a slow server', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n';

  it.each([
    ['sends nothing', []],
    ['does not finish its headers', ['HTTP/1.1 200 OK\r\nx: ']],
    ['stops in the middle of its body', [HEAD, 'abc']],
    ['sends headers and no body', [HEAD]],
  ])('is TIMED_OUT if it %s', async (_, pieces) => {
    const server = await scope.keep(serveRaw(...pieces));
    const failure = await failureOf(read(server, { limits: SMALL }));
    expect(failure).toMatchObject({ code: 'TIMED_OUT', temporary: true });
  });

  it('is TIMED_OUT if it sends single bytes below the minimum speed', async () => {
    const server = await trickle('HTTP/1.1 200 OK\r\n\r\n', 'x');
    const limits = { ...SMALL, idleMs: 60_000, minBytesPerSecond: 100_000 };
    expect(await failureOf(read(server, { limits }))).toMatchObject({ code: 'TIMED_OUT' });
  });

  it('is TIMED_OUT if it trickles headers or interim responses', async () => {
    const headers = await trickle('HTTP/1.1 200 OK\r\n', 'x: y\r\n');
    const interim = await trickle('', 'HTTP/1.1 103 Early Hints\r\n\r\n');
    expect(await failureOf(read(headers, { limits: SMALL }))).toMatchObject({ code: 'TIMED_OUT' });
    expect(await failureOf(read(interim, { limits: SMALL }))).toMatchObject({ code: 'TIMED_OUT' });
  });

  it('is TIMED_OUT after `totalMs` even if it is never idle nor too slow', async () => {
    const server = await endless('');
    const answer = await scope
      .client()
      .request(server.origin, { limits: { totalMs: 100 }, maxBytes: Infinity });
    answer.body.resume();
    await closeOf(answer.body);
    expect(answer.body.errored).toMatchObject({ code: 'TIMED_OUT' });
  });
});
