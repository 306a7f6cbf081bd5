import { Module } from '@nestjs/common';
import { HealthCoreModule } from './health-core.module.js';
import { HealthController } from './health.controller.js';

@Module({ imports: [HealthCoreModule], controllers: [HealthController] })
export class HealthApiModule {}
