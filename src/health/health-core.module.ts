import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EventsCoreModule } from '../events/events-core.module.js';
import { ImportsCoreModule } from '../imports/imports-core.module.js';
import { BacklogHealth } from './backlog-health.js';
import { DatabaseHealth } from './database-health.js';
import { EventsHealth } from './events-health.js';
import { Readiness } from './readiness.js';
import { RedisHealth } from './redis-health.js';

/** Health checks without HTTP, for API and worker. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ImportsCoreModule, EventsCoreModule],
  providers: [Readiness, DatabaseHealth, RedisHealth, BacklogHealth, EventsHealth],
  exports: [Readiness],
})
export class HealthCoreModule {}
