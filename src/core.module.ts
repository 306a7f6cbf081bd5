import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { QueueModule } from './queue/queue.module.js';

/** What both processes stand on: configuration, PostgreSQL, Redis and the way out. */
@Module({ imports: [ConfigModule, DatabaseModule, QueueModule, OutboundModule] })
export class CoreModule {}
