import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Environment } from '../config/environment.js';
import { redisAddress } from '../queue/redis-address.js';
import { redisLiveness } from '../queue/redis-liveness.js';

/** Requests do not wait for a slower Redis: they must be answered with or without it. */
const COMMAND_TIMEOUT_MS = 200;

/** Redis connection of the rate limits, shared by all API processes. */
@Injectable()
export class LimitsRedis implements OnApplicationShutdown {
  private readonly logger = new Logger('Limits');
  /** Undefined if there is no Redis or all limits are off. */
  readonly client: Redis | undefined;

  constructor(environment: Environment) {
    const { REDIS_URL, RATE_LIMIT_ADDRESS, RATE_LIMIT_TOKEN, RATE_LIMIT_FAILED_AUTH } = environment;
    if (REDIS_URL === undefined) return;
    if (RATE_LIMIT_ADDRESS + RATE_LIMIT_TOKEN + RATE_LIMIT_FAILED_AUTH === 0) return;
    const address = redisAddress(REDIS_URL);
    this.client = new Redis('path' in address ? address.path : address.url, {
      ...redisLiveness,
      commandTimeout: COMMAND_TIMEOUT_MS,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
    });
    this.logOutages(this.client);
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }

  /** Logs each outage once, not every connection attempt. */
  private logOutages(client: Redis): void {
    let unavailable = false;
    client.on('error', (error: Error) => {
      if (!unavailable)
        this.logger.warn(`Redis unavailable, each process counts separately: ${error.message}`);
      unavailable = true;
    });
    client.on('ready', () => {
      if (unavailable) this.logger.log('Redis available again, all processes count together');
      unavailable = false;
    });
  }
}
