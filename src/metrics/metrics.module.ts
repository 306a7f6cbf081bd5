import { Module } from '@nestjs/common';
import { EventsCoreModule } from '../events/events-core.module.js';
import { ImportsCoreModule } from '../imports/imports-core.module.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

@Module({
  imports: [ImportsCoreModule, EventsCoreModule],
  controllers: [MetricsController],
  providers: [Metrics],
})
export class MetricsModule {}
