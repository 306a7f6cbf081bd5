import { Injectable } from '@nestjs/common';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { Environment } from '../config/environment.js';
import { usageLimitExceeded } from '../http/api-error.js';
import { addressKey } from './address-key.js';
import { LimitsRedis } from './limits-redis.js';

const WINDOW_S = 60;

/**
 * Counts requests per minute across all processes. While Redis is unavailable or slow, each process counts separately:
 * a limit must never keep a partner from getting a response.
 */
@Injectable()
export class RateLimits {
  private readonly requests: RateLimiterAbstract | undefined;
  private readonly tokens: RateLimiterAbstract | undefined;
  private readonly failures: RateLimiterAbstract | undefined;

  constructor(
    { RATE_LIMIT_ADDRESS, RATE_LIMIT_TOKEN, RATE_LIMIT_FAILED_AUTH, REDIS_PREFIX }: Environment,
    redis: LimitsRedis,
  ) {
    const limiter = (name: string, points: number): RateLimiterAbstract | undefined =>
      points === 0 ? undefined : createLimiter(`${REDIS_PREFIX}:limit:${name}`, points, redis);
    this.requests = limiter('address', RATE_LIMIT_ADDRESS);
    this.tokens = limiter('token', RATE_LIMIT_TOKEN);
    this.failures = limiter('failed-auth', RATE_LIMIT_FAILED_AUTH);
  }

  /** @throws ApiError 429 */
  countRequest(ip: string): Promise<void> {
    return count(this.requests, addressKey(ip), 'address', 'Rate limit exceeded for this address');
  }

  /** @throws ApiError 429 */
  countToken(tokenId: string): Promise<void> {
    return count(this.tokens, tokenId, 'access_token', 'Rate limit exceeded for this token');
  }

  /** @throws ApiError 429 */
  countFailedAuth(ip: string): Promise<void> {
    const sentence = 'Too many requests without a valid access token from this address';
    return count(this.failures, addressKey(ip), 'access_token', sentence);
  }
}

function createLimiter(keyPrefix: string, points: number, { client }: LimitsRedis): RateLimiterAbstract {
  const own = { keyPrefix, points, duration: WINDOW_S };
  const memory = new RateLimiterMemory(own);
  if (client === undefined) return memory;
  return new RateLimiterRedis({
    ...own,
    storeClient: client,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
    // Clients over the limit are refused without asking Redis again.
    inMemoryBlockOnConsumed: points + 1,
  });
}

async function count(
  limiter: RateLimiterAbstract | undefined,
  key: string,
  at: string,
  sentence: string,
): Promise<void> {
  try {
    await limiter?.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    throw usageLimitExceeded({ [at]: `${sentence}; retry in ${seconds} seconds` }, seconds);
  }
}
