import { describe, expect, it } from 'vitest';
import { text } from 'node:stream/consumers';

import { serveHttp, serveRaw, serveTcp } from './testing/loopback-server.js';
import { closeOf, closingScope, failureOf } from './testing/scope.js';

const scope = closingScope();

describe('OutboundClient', () => {
  it('returns status, headers, URL and body', async () => {
    const server = await scope.keep(
      serveHttp((_, response) => response.writeHead(404, { 'X-Two': ['a', 'b'], ETag: '"1"' }).end('gone')),
    );
    const response = await scope.client().request(`${server.origin}/v?q=1`);
    expect(response).toMatchObject({ status: 404, headers: { 'x-two': 'a, b', etag: '"1"' } });
    expect(response.url.href).toBe(`${server.origin}/v?q=1`);
    expect(await text(response.body)).toBe('gone');
  });

  it('sends method, headers and body, and always requests identity encoding', async () => {
    const server = await scope.keep(
      serveHttp((request, response) => {
        const { host: _, ...headers } = request.headers;
        request.once('data', (body) => response.end(JSON.stringify([request.method, headers, `${body}`])));
      }),
    );
    const response = await scope.client({ userAgent: 'tests' }).request(server.origin, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Encoding': 'gzip' },
      body: '{"ä":1}',
    });
    expect(JSON.parse(await text(response.body))).toEqual([
      'POST',
      {
        'user-agent': 'tests',
        accept: '*/*',
        'accept-encoding': 'identity',
        'content-type': 'application/json',
        'content-length': '8',
        connection: 'keep-alive',
      },
      '{"ä":1}',
    ]);
  });

  it('refuses a Host header', async () => {
    await expect(scope.client().request('http://127.0.0.1/', { headers: { Host: 'other' } })).rejects.toThrow(
      TypeError,
    );
  });

  it('reuses a connection after a discarded response', async () => {
    const server = await scope.keep(
      serveHttp((_, response) => response.writeHead(404).end('x'.repeat(10_000))),
    );
    const client = scope.client({ connectionsPerOrigin: 1 });
    for (let round = 0; round < 5; round++) await (await client.request(server.origin)).discard();
    expect(server.connections()).toBe(1);
  });

  it('closes the connection of a discarded response that is long or stalls', async () => {
    const hangUps: Promise<unknown>[] = [];
    const server = await scope.keep(
      serveTcp((socket) => {
        socket.once('data', () => {
          hangUps.push(closeOf(socket));
          const [head, rest] =
            hangUps.length === 1 ? ['content-length: 99999999', 'x'] : ['x: y', 'x'.repeat(99_999)];
          socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${rest}`);
        });
      }),
    );
    for (const method of ['GET', 'POST'] as const) {
      await (await scope.client().request(server.origin, { method })).discard();
    }
    await Promise.all(hangUps);
    expect(hangUps).toHaveLength(2);
  });

  it('limits the connections per origin', async () => {
    const server = await scope.keep(serveHttp((_, response) => setImmediate(() => response.end('x'))));
    const client = scope.client({ connectionsPerOrigin: 2 });
    await Promise.all(
      Array.from({ length: 20 }, async () => text((await client.request(server.origin)).body)),
    );
    expect(server.connections()).toBe(2);
  });

  it('ignores proxies in the environment', async () => {
    const proxy = await scope.keep(serveHttp((_, response) => response.end('proxy')));
    const server = await scope.keep(serveHttp((_, response) => response.end('origin')));
    const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = proxy.origin;
    try {
      expect(await text((await scope.client().request(server.origin)).body)).toBe('origin');
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
    }
    expect(proxy.connections()).toBe(0);
  });

  it('aborts in-flight requests on close', async () => {
    const server = await scope.keep(serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx'));
    const silent = await scope.keep(serveTcp((socket) => socket.resume()));
    const client = scope.client();
    const response = await client.request(server.origin);
    const waiting = failureOf(client.request(silent.origin));
    const reading = failureOf(text(response.body));
    await client.close();
    expect(await Promise.all([waiting, reading])).toMatchObject([{ code: 'ABORTED' }, { code: 'ABORTED' }]);
    expect(await failureOf(client.request(server.origin))).toMatchObject({ code: 'ABORTED' });
  });

  it('reports a closed port and a server that hangs up as CONNECTION_FAILED', async () => {
    const gone = await serveHttp(() => undefined);
    await gone.close();
    const rude = await scope.keep(serveTcp((socket) => socket.destroy()));
    const failures = await Promise.all(
      [gone, rude].map(({ origin }) => failureOf(scope.client().request(origin))),
    );
    expect(failures).toMatchObject(failures.map(() => ({ code: 'CONNECTION_FAILED', temporary: true })));
    for (const { message } of failures) expect(message).not.toMatch(/\d/);
  });

  it.each([
    ['another protocol', '220 mail.example.com ESMTP\r\n'],
    [
      'an unrequested upgrade',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
    ['too many headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'],
  ])('refuses %s as a response', async (_, bytes) => {
    const server = await scope.keep(serveRaw(bytes));
    expect(await failureOf(scope.client().request(server.origin))).toMatchObject({
      code: 'CONNECTION_FAILED',
    });
  });
});
