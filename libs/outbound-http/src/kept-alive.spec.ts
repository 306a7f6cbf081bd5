import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect, describe, it } from 'vitest';

import { serveTcp, type LoopbackServer } from './testing/loopback-server.js';
import { closingScope, failureOf } from './testing/scope.js';

const scope = closingScope();

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

interface Origin extends LoopbackServer {
  /** Request lines, in order. */
  requests: string[];
  /** Response to the first request of each connection. */
  answer: string;
}

/** Responds to the first request of each connection and calls `atTheSecond` on the next one. */
async function serve(atTheSecond: (socket: Socket) => void, answer = OK): Promise<Origin> {
  const requests: string[] = [];
  const server = await serveTcp((socket) => {
    let count = 0;
    socket.on('data', (bytes) => {
      requests.push(String(bytes).split('\r\n', 1)[0] ?? '');
      count += 1;
      if (count === 1) socket.write(origin.answer);
      else atTheSecond(socket);
    });
  });
  const origin: Origin = Object.assign(server, { requests, answer });
  return scope.keep(origin);
}

/** Ways in which a kept-alive connection fails at its next use. */
const DEATHS: ReadonlyArray<[string, (socket: Socket) => void]> = [
  ['is reset', (socket) => socket.resetAndDestroy()],
  ['is ended', (socket) => socket.end()],
  [
    'times out',
    (socket) => socket.end('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
  ],
];

describe.each(DEATHS)('a kept-alive connection that %s at its next use', (_, death) => {
  it.each(['GET', 'HEAD'] as const)('does not fail the request: %s is resent immediately', async (method) => {
    const server = await serve(death);
    const client = scope.client({ connectionsPerOrigin: 1 });
    await (await client.request(`${server.origin}/1`)).discard();
    server.answer = method === 'HEAD' ? OK.replace(/ok$/, '') : OK;
    const response = await client.request(`${server.origin}/2`, { method });
    expect([response.status, await text(response.body)]).toEqual([200, method === 'HEAD' ? '' : 'ok']);
    expect(server.requests.map((line) => line.split(' ')[1])).toEqual(['/1', '/2', '/2']);
  });

  it('does not fail the request even if all pooled connections are dead', async () => {
    const server = await serve(death);
    const client = scope.client();
    const read = async (): Promise<string> => text((await client.request(server.origin)).body);
    await Promise.all([read(), read(), read()]);
    expect(await Promise.all([read(), read(), read()])).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('a request is not resent', () => {
  it('if it is a POST, which may have taken effect', async () => {
    const server = await serve((socket) => socket.resetAndDestroy());
    const client = scope.client({ connectionsPerOrigin: 1 });
    await (await client.request(server.origin)).discard();
    const failure = await failureOf(client.request(server.origin, { method: 'POST', body: 'x' }));
    expect(failure).toMatchObject({ fault: 'connection' });
    expect(server.requests).toHaveLength(2);
  });

  it('if it is the first on its connection', async () => {
    const server = await scope.keep(
      serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
    );
    expect(await failureOf(scope.client().request(server.origin))).toMatchObject({ fault: 'connection' });
    expect(server.connections()).toBe(1);
  });

  it('if its response had begun', async () => {
    const server = await serve((socket) => socket.write('HTTP/1.1 2', () => socket.resetAndDestroy()));
    const client = scope.client({ connectionsPerOrigin: 1 });
    await (await client.request(server.origin)).discard();
    expect(await failureOf(client.request(server.origin))).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(server.requests).toHaveLength(2);
  });

  it('if it was cancelled', async () => {
    const aborting = new AbortController();
    const server = await serve(() => aborting.abort());
    const client = scope.client({ connectionsPerOrigin: 1 });
    await (await client.request(server.origin)).discard();
    const answer = client.request(server.origin, { signal: aborting.signal });
    expect(await failureOf(answer)).toMatchObject({ code: 'ABORTED' });
    expect(server.requests).toHaveLength(2);
  });

  it('after a 408 that keeps the connection open or answers the first request', async () => {
    const timedOut = 'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n';
    const server = await serve((socket) => socket.write(timedOut), timedOut);
    const client = scope.client({ connectionsPerOrigin: 1 });
    for (let round = 0; round < 2; round++) {
      const response = await client.request(server.origin);
      await response.discard();
      expect(response.status).toBe(408);
    }
    expect(server.requests).toHaveLength(2);
  });
});
