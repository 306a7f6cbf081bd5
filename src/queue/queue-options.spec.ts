import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import Queue from 'bull';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Environment } from '../config/environment.js';
import { queueOptions } from './queue-options.js';

/** First byte of a TLS record that carries a handshake (RFC 8446, section 5.1). */
const HANDSHAKE = 0x16;
const ARRAY_OF_REDIS = '*'.charCodeAt(0);

let server: Server;
const connections: Socket[] = [];

beforeEach(async () => {
  server = createServer((socket) => connections.push(socket.on('error', () => undefined))).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of connections.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

it.each([
  ['redis', ARRAY_OF_REDIS],
  ['rediss', HANDSHAKE],
])('connects to %s:// with the right protocol', async (scheme, expected) => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen');
  const environment = Object.assign(new Environment(), {
    REDIS_URL: `${scheme}://:secret@127.0.0.1:${address.port}`,
    REDIS_PREFIX: 'queue-options',
  });
  const connected = once(server, 'connection');
  const { url = '', ...options } = queueOptions(environment);
  const queue = new Queue('videos', url, options).on('error', () => undefined);
  try {
    const [socket]: Socket[] = await connected;
    const [first]: Buffer[] = await once(socket, 'data');
    expect(first[0]).toBe(expected);
  } finally {
    queue.client.disconnect();
  }
});
