import { Redis } from 'ioredis';
import { EnvironmentError } from '../config/load-environment.js';
import { redisAddress } from './redis-address.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** What to change in REDIS_URL, by the first words of what Redis says, in the order in which one goes before another. */
const REFUSALS: ReadonlyArray<readonly [RegExp, string]> = [
  // The second is what Redis said before it had users.
  [
    /^(WRONGPASS|ERR invalid password)/,
    'Redis refuses the user name or the password in it; put the right ones there, as redis://user:password@host:6379',
  ],
  [/^NOAUTH/, 'Redis wants a password; put it there, as redis://:password@host:6379'],
  [
    /^NOPERM/,
    'its user may not run the commands that are needed; name another one there, or allow them by ACL',
  ],
];

/**
 * Looks once whether Redis lets us in. One that cannot be reached may still come up, and is no fault here.
 *
 * @throws EnvironmentError one line that names the variable and says what to change, without any of its value
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
  const said: string[] = [];
  const hear = (error: Error): void => void said.push(error.message);
  // A refused AUTH is an event, and what is asked for afterwards is refused in other words.
  redis.on('error', hear);
  try {
    await redis.connect();
    await redis.info('server');
  } catch (error) {
    said.push(error instanceof Error ? error.message : String(error));
  } finally {
    redis.disconnect();
  }
  for (const [words, refusal] of REFUSALS) {
    if (said.some((message) => words.test(message))) throw new EnvironmentError(`REDIS_URL: ${refusal}`);
  }
}
