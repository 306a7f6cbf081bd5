import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { redisAddress } from '../../queue/redis-address.js';

/** A connection to Redis that can hang: it stays open, but commands get no reply. */
export interface RedisLine {
  url: string;
  hang(): void;
  cut(): Promise<void>;
}

/** @param target REDIS_URL of the server */
export async function openRedisLine(target: string): Promise<RedisLine> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(target);
    near.pipe(far).pipe(near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()); // a cut connection is expected here
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  return {
    url: proxyUrl(target, address.port),
    hang: () => {
      for (const socket of sockets) socket.unpipe();
    },
    cut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function dial(target: string): Socket {
  const address = redisAddress(target);
  if ('path' in address) return connect(address.path);
  const { hostname, port, searchParams } = new URL(address.url);
  // ioredis accepts a socket path as this query parameter.
  const path = searchParams.get('path');
  if (path !== null) return connect(path);
  return connect(Number(port === '' ? 6_379 : port), hostname);
}

/** Keeps the password of the target URL. */
function proxyUrl(target: string, port: number): string {
  const url = new URL('path' in redisAddress(target) ? 'redis://x' : target);
  url.search = '';
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}
