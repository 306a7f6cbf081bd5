import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import type { QueueOptions } from 'bull';
import { Environment } from '../config/environment.js';
import { redisAddress } from './redis-address.js';

/** Redis, for every queue that a module registers. */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [Environment],
      useFactory: ({ REDIS_URL, REDIS_PREFIX }: Environment): QueueOptions & { url?: string } => {
        if (REDIS_URL === undefined) throw new Error('REDIS_URL must be given');
        return {
          ...connection(REDIS_URL),
          prefix: REDIS_PREFIX,
          settings: {
            // The row decides whether a job that comes twice does anything, so Bull need not judge.
            maxStalledCount: 1_000,
          },
        };
      },
    }),
  ],
})
export class QueueModule {}

function connection(url: string): { url: string } | { redis: { path: string } } {
  const address = redisAddress(url);
  return 'path' in address ? { redis: address } : address;
}
