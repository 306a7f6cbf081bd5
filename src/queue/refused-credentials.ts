import { Redis } from 'ioredis';
import { EnvironmentError } from '../config/parse-environment.js';
import { redisAddress } from './redis-address.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** Required changes of REDIS_URL by error prefix, in order of precedence. */
const REFUSALS: ReadonlyArray<readonly [RegExp, string]> = [
  // The second prefix is that of Redis versions without users.
  [
    /^(WRONGPASS|ERR invalid password)/,
    'Redis rejects the user name or password; correct them, as in redis://user:password@host:6379',
  ],
  [/^NOAUTH/, 'Redis requires a password; add it, as in redis://:password@host:6379'],
  [/^NOPERM/, 'the Redis user lacks permission for required commands; use another user or extend its ACL'],
];

/**
 * Checks once whether Redis accepts the credentials. An unreachable Redis may still come up, so it is not an error
 * here.
 *
 * @throws EnvironmentError one line that names the variable and the required change, without any part of its value
 */
export async function assertRedisAdmits(url: string): Promise<void> {
  const address = redisAddress(url);
  const redis = new Redis('path' in address ? address.path : address.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  const messages: string[] = [];
  const record = (error: Error): void => void messages.push(error.message);
  // A refused AUTH is emitted as an event; later commands fail with different messages.
  redis.on('error', record);
  try {
    await redis.connect();
    await redis.info('server');
  } catch (error) {
    messages.push(error instanceof Error ? error.message : String(error));
  } finally {
    redis.disconnect();
  }
  for (const [words, refusal] of REFUSALS) {
    if (messages.some((message) => words.test(message))) throw new EnvironmentError(`REDIS_URL: ${refusal}`);
  }
}
