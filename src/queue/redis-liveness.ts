import type { RedisOptions } from 'ioredis';

/**
 * Milliseconds that a reply may take. Bull's blocking client waits five seconds at a time and gets a reply then even
 * without a job.
 */
const SILENT_AFTER_MS = 10_000;
const LONGEST_PAUSE_MS = 1_000;

/** Errors of a replica after a failover that left the connection or the address pointing to it. */
const DEMOTED = /\b(READONLY|MASTERDOWN|UNBLOCKED)\b/;

/** Options by which every Redis connection recovers to a working server, however it lost the previous one. */
export const redisLiveness = {
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // Runs only while a reply is pending. Unlike a command timeout, it also replaces the connection.
  socketTimeout: SILENT_AFTER_MS,
  retryStrategy: (times: number): number => Math.min(100 * times, LONGEST_PAUSE_MS),
  // The command fails and is not resent: if only the replica remains, resending would loop forever.
  reconnectOnError: (error: Error): boolean => DEMOTED.test(error.message),
} satisfies RedisOptions;
