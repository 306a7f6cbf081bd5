import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { drainConnections } from './drain-connections.js';

/** Larger than the buffers of both ends of a connection. */
const LARGE = 'x'.repeat(64 * 1024 * 1024);
const FOREVER_MS = 600_000;

const clients: Socket[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** A server that answers `/large` at once and `/later` on request. */
async function serve(graceMs: number) {
  const adapter = new FastifyAdapter();
  drainConnections(adapter, graceMs);
  const fastify = adapter.getInstance();
  const gate = withResolvers();
  fastify.get('/large', () => LARGE);
  fastify.get('/later', async () => {
    await gate.promise;
    return 'later';
  });
  const { port } = new URL(await fastify.listen({ port: 0, host: '127.0.0.1' }));
  return {
    release: gate.resolve,
    close: () => fastify.close(),
    dial: async (): Promise<Socket> => {
      const client = connect(Number(port), '127.0.0.1');
      clients.push(client);
      await once(client, 'connect');
      return client;
    },
    /** Sends a request and reads nothing; resolves when the server has started to process it. */
    ask: async (client: Socket, path: string): Promise<void> => {
      const arrived = once(fastify.server, 'request');
      client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await arrived;
    },
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: (() => void) | undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve?.() };
}

it('finishes a response that the client is still reading, then closes its connection', async () => {
  const server = await serve(FOREVER_MS);
  const client = await server.dial();
  await server.ask(client, '/large');
  await once(client, 'readable');
  const closed = server.close();
  // The server has written everything and closes idle connections.
  for (let turns = 0; turns < 10; turns += 1) await new Promise(setImmediate);
  const answer = await text(client);
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toHaveLength(LARGE.length);
  await closed;
});

it('drops a response that the client does not read after the grace period', async () => {
  const server = await serve(20);
  await server.ask(await server.dial(), '/large');
  expect(await server.close()).toBeUndefined();
});

it('drops a response that is not ready after the grace period', async () => {
  const server = await serve(20);
  const client = await server.dial();
  await server.ask(client, '/later');
  client.resume();
  await Promise.all([once(client, 'close'), server.close()]);
  expect(client.bytesRead).toBe(0);
  server.release();
});

it('closes idle connections at once and waits for the responses of others', async () => {
  const server = await serve(FOREVER_MS);
  const [fresh, used, busy] = [await server.dial(), await server.dial(), await server.dial()];
  server.release();
  await server.ask(used, '/later');
  await once(used, 'data');
  await server.ask(busy, '/large');
  const closed = server.close();
  await Promise.all([fresh, used].map((client) => once(client.resume(), 'close')));
  expect((await text(busy)).length).toBeGreaterThan(LARGE.length);
  await closed;
});
