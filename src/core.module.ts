import { Module } from '@nestjs/common';
import { DatabaseModule } from './database/database.module.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { ProcessModule } from './process/process.module.js';
import { QueueModule } from './queue/queue.module.js';

/**
 * Foundation of both processes: lifecycle, PostgreSQL, Redis and the outbound client. The start adds the
 * configuration (`ConfigModule.forRoot()`).
 */
@Module({ imports: [ProcessModule, DatabaseModule, QueueModule, OutboundModule] })
export class CoreModule {}
