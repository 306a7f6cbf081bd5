import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Environment } from '../config/environment.js';
import { redisAddress } from '../queue/redis-address.js';
import { redisLiveness } from '../queue/redis-liveness.js';

/** A Redis that is slower than this is not waited for: requests must be answered, with it or without it. */
const COMMAND_TIMEOUT_MS = 200;

/** The connection of the limits, where the API processes count together. */
@Injectable()
export class LimitsRedis implements OnApplicationShutdown {
  private readonly logger = new Logger('Limits');
  /** Undefined where there is no Redis, or nothing to count. */
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
    this.tellOutages(this.client);
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }

  /** Once for each outage, not for each try to connect. */
  private tellOutages(client: Redis): void {
    let away = false;
    client.on('error', (error: Error) => {
      if (!away) this.logger.warn(`Redis is away (${error.message}): each process counts for itself`);
      away = true;
    });
    client.on('ready', () => {
      if (away) this.logger.log('Redis is back: the processes count together');
      away = false;
    });
  }
}
