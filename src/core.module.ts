import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { ProcessModule } from './process/process.module.js';
import { QueueModule } from './queue/queue.module.js';

/** Foundation of both processes: configuration, lifecycle, PostgreSQL, Redis and the outbound client. */
@Module({ imports: [ConfigModule, ProcessModule, DatabaseModule, QueueModule, OutboundModule] })
export class CoreModule {}
