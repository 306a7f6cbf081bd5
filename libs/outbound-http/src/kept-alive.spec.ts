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
  /** To the first request of each connection. */
  answer: string;
}

/** Answers the first request of each connection, and does this at its second. */
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

/** Ways in which a connection turns out to be dead at its next use. */
const DEATHS: ReadonlyArray<[string, (socket: Socket) => void]> = [
  ['is reset', (socket) => socket.resetAndDestroy()],
  ['is ended', (socket) => socket.end()],
  [
    'times out',
    (socket) => socket.end('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
  ],
];

describe.each(DEATHS)('a kept-alive connection that %s at its next use', (_, death) => {
  it.each(['GET', 'HEAD'] as const)('costs nothing: a %s is sent again at once', async (method) => {
    const server = await serve(death);
    const client = scope.client({ connectionsPerOrigin: 1 });
    await (await client.request(`${server.origin}/1`)).discard();
    server.answer = method === 'HEAD' ? OK.replace(/ok$/, '') : OK;
    const response = await client.request(`${server.origin}/2`, { method });
    expect([response.status, await text(response.body)]).toEqual([200, method === 'HEAD' ? '' : 'ok']);
    expect(server.requests.map((line) => line.split(' ')[1])).toEqual(['/1', '/2', '/2']);
  });

  it('is found out although all others of the pool are dead as well', async () => {
    const server = await serve(death);
    const client = scope.client();
    const read = async (): Promise<string> => text((await client.request(server.origin)).body);
    await Promise.all([read(), read(), read()]);
    expect(await Promise.all([read(), read(), read()])).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('a request that is not sent again', () => {
  it('is a POST, which may have had its effect', async () => {
    const server = await serve((socket) => socket.resetAndDestroy());
    const client = scope.client({ connectionsPerOrigin: 1 });
    await (await client.request(server.origin)).discard();
    const failure = await failureOf(client.request(server.origin, { method: 'POST', body: 'x' }));
    expect(failure).toMatchObject({ fault: 'connection' });
    expect(server.requests).toHaveLength(2);
  });

  it('is the first of its connection', async () => {
    const server = await scope.keep(
      serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
    );
    expect(await failureOf(scope.client().request(server.origin))).toMatchObject({ fault: 'connection' });
    expect(server.connections()).toBe(1);
  });

  it('is one whose answer had begun', async () => {
    const server = await serve((socket) => socket.write('HTTP/1.1 2', () => socket.resetAndDestroy()));
    const client = scope.client({ connectionsPerOrigin: 1 });
    await (await client.request(server.origin)).discard();
    expect(await failureOf(client.request(server.origin))).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(server.requests).toHaveLength(2);
  });

  it('is one that was cancelled', async () => {
    const aborting = new AbortController();
    const server = await serve(() => aborting.abort());
    const client = scope.client({ connectionsPerOrigin: 1 });
    await (await client.request(server.origin)).discard();
    const answer = client.request(server.origin, { signal: aborting.signal });
    expect(await failureOf(answer)).toMatchObject({ code: 'ABORTED' });
    expect(server.requests).toHaveLength(2);
  });

  it('is a 408 that leaves the connection open, or is the first of its own', async () => {
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
