import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ImportsModule } from '../imports/imports.module.js';
import { BacklogHealth } from './backlog-health.js';
import { HealthController } from './health.controller.js';
import { RedisHealth } from './redis-health.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ImportsModule],
  controllers: [HealthController],
  providers: [RedisHealth, BacklogHealth],
})
export class HealthModule {}
