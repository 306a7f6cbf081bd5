import type { QueueOptions } from 'bull';
import type { Environment } from '../config/environment.js';
import { redisAddress } from './redis-address.js';
import { redisLiveness } from './redis-liveness.js';

/** Options shared by all queues. */
export function queueOptions({ REDIS_URL, REDIS_PREFIX }: Environment): QueueOptions & { url?: string } {
  if (REDIS_URL === undefined) throw new Error('REDIS_URL is required');
  return {
    ...connection(REDIS_URL),
    prefix: REDIS_PREFIX,
    settings: {
      // The item row decides whether a repeated job has an effect, so Bull need not limit stalls.
      maxStalledCount: 1_000,
      // Milliseconds that a consumer pauses after Redis refused a command.
      retryProcessDelay: 1_000,
    },
  };
}

function connection(url: string): Pick<QueueOptions, 'redis'> & { url?: string } {
  // Commands wait until Redis is available again; callers limit how long they wait.
  const options = { ...redisLiveness, maxRetriesPerRequest: null };
  const address = redisAddress(url);
  if ('path' in address) return { redis: { ...options, ...address } };
  // Bull parses the URL itself and treats rediss:// as redis://.
  const isEncrypted = new URL(url).protocol === 'rediss:';
  return { ...address, redis: { ...options, ...(isEncrypted && { tls: {} }) } };
}
