import type { QueueOptions } from 'bull';
import type { Environment } from '../config/environment.js';
import { redisAddress } from './redis-address.js';
import { redisLiveness } from './redis-liveness.js';

/** What every queue has in common. */
export function queueOptions({ REDIS_URL, REDIS_PREFIX }: Environment): QueueOptions & { url?: string } {
  if (REDIS_URL === undefined) throw new Error('REDIS_URL must be given');
  return {
    ...connection(REDIS_URL),
    prefix: REDIS_PREFIX,
    settings: {
      // The row decides whether a job that comes twice does anything, so Bull need not judge.
      maxStalledCount: 1_000,
      // How long a consumer pauses after Redis has refused it something.
      retryProcessDelay: 1_000,
    },
  };
}

function connection(url: string): Pick<QueueOptions, 'redis'> & { url?: string } {
  // A command waits until Redis is back: how long anybody waits for it is decided there.
  const options = { ...redisLiveness, maxRetriesPerRequest: null };
  const address = redisAddress(url);
  if ('path' in address) return { redis: { ...options, ...address } };
  // Bull reads the URL itself, and takes rediss:// for redis://.
  const isEncrypted = new URL(url).protocol === 'rediss:';
  return { ...address, redis: { ...options, ...(isEncrypted && { tls: {} }) } };
}
