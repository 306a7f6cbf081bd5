import { Module } from '@nestjs/common';
import { ImportsModule } from '../imports/imports.module.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

@Module({ imports: [ImportsModule], controllers: [MetricsController], providers: [Metrics] })
export class MetricsModule {}
