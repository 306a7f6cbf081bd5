import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { listen } from '../../../src/testing/listen.js';
import { redisAddress } from '../../../src/queue/redis-address.js';

/** A Redis account with a password. */
export interface RedisAccount {
  /** `redis://name:password@127.0.0.1:…` */
  url: string;
  /** A client with all permissions. */
  admin: Redis;
  close(): Promise<void>;
}

/** Creates an account on a Redis without password, and a port in front of it, because a socket URL has no password. */
export async function openRedisAccount(url: string, name: string, password: string): Promise<RedisAccount> {
  const address = redisAddress(url);
  const admin = 'path' in address ? new Redis(address.path) : new Redis(address.url);
  await admin.call('ACL', 'SETUSER', name, 'on', `>${password}`, '~*', '&*', '+@all');
  const { path, host = '127.0.0.1', port = 6379 } = admin.options;
  const target = path === undefined || path === null ? { host, port } : { path };
  const server = createServer((socket) => {
    const redis = connect(target);
    // If either side hangs up, close the other one.
    socket.on('error', () => redis.destroy()).on('close', () => redis.destroy());
    redis.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(redis).pipe(socket);
  });
  const front = await listen(server);
  return {
    url: `redis://${name}:${password}@127.0.0.1:${front.port}`,
    admin,
    close: async () => {
      await front.close();
      await admin.call('ACL', 'DELUSER', name);
      admin.disconnect();
      await once(admin, 'end');
    },
  };
}
