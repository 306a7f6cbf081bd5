import { Module } from '@nestjs/common';
import { ImportsCoreModule } from '../imports/imports-core.module.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

@Module({ imports: [ImportsCoreModule], controllers: [MetricsController], providers: [Metrics] })
export class MetricsModule {}
