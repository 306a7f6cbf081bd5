import { Module } from '@nestjs/common';
import { LimitsRedis } from './limits-redis.js';
import { RateLimits } from './rate-limits.js';

/** Rate limits. */
@Module({ providers: [LimitsRedis, RateLimits], exports: [RateLimits] })
export class LimitsModule {}
