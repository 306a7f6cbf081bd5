import type { RedisOptions } from 'ioredis';

/**
 * How long a server may owe an answer. Bull's blocking client asks for five seconds at a time, and is answered then even
 * where there is nothing.
 */
const SILENT_AFTER_MS = 10_000;
const LONGEST_PAUSE_MS = 1_000;

/** A replica says so where a failover left it behind our address, or moved the address away from it. */
const DEMOTED = /\b(READONLY|MASTERDOWN|UNBLOCKED)\b/;

/** What every connection to Redis needs to find a server that works, however it lost the last one. */
export const redisLiveness = {
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // Counts only while an answer is owed. Unlike a time limit for commands it replaces the connection, too.
  socketTimeout: SILENT_AFTER_MS,
  retryStrategy: (times: number): number => Math.min(100 * times, LONGEST_PAUSE_MS),
  // The command is refused, not sent again: where the replica is all there is, that would go round for ever.
  reconnectOnError: (error: Error): boolean => DEMOTED.test(error.message),
} satisfies RedisOptions;
