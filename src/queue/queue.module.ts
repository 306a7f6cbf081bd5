import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { queueOptions } from './queue-options.js';

/** Redis, for every queue that a module registers. */
@Module({ imports: [BullModule.forRootAsync({ inject: [Environment], useFactory: queueOptions })] })
export class QueueModule {}
