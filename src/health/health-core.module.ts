import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ImportsCoreModule } from '../imports/imports-core.module.js';
import { BacklogHealth } from './backlog-health.js';
import { DatabaseHealth } from './database-health.js';
import { Readiness } from './readiness.js';
import { RedisHealth } from './redis-health.js';

/** Health checks without HTTP, for API and worker. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ImportsCoreModule],
  providers: [Readiness, DatabaseHealth, RedisHealth, BacklogHealth],
  exports: [Readiness],
})
export class HealthCoreModule {}
