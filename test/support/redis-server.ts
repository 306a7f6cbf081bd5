import { rm } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { redisAddress } from '../../src/queue/redis-address.js';

/** Sends a command to a Redis on a new connection. */
export async function tellRedis(url: string, ...command: [string, ...string[]]): Promise<unknown> {
  const address = redisAddress(url);
  const operator = new Redis('path' in address ? address.path : address.url);
  try {
    const [name, ...args] = command;
    return await operator.call(name, ...args);
  } finally {
    operator.disconnect();
  }
}

/** Makes a Redis listen on a port in addition to its socket, for its replica. */
export async function listenOn(url: string, port: number): Promise<void> {
  await tellRedis(url, 'CONFIG', 'SET', 'port', String(port));
  await tellRedis(url, 'CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
}

/** Makes saving fail because the folder is missing, so that Redis refuses to write. */
export async function failToSave(url: string): Promise<void> {
  const dir = await tellRedis(url, 'CONFIG', 'GET', 'dir');
  await rm(String(Array.isArray(dir) ? dir[1] : dir), { recursive: true });
  await tellRedis(url, 'CONFIG', 'SET', 'save', '3600 1');
  await tellRedis(url, 'BGSAVE');
  await expect.poll(() => tellRedis(url, 'INFO', 'persistence')).toContain('rdb_last_bgsave_status:err');
}
