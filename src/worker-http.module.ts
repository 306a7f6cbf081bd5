import { Module } from '@nestjs/common';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { WorkerModule } from './worker.module.js';

/** The worker with a port of its own (`WORKER_PORT`), for supervisors and for Prometheus. */
@Module({ imports: [WorkerModule, HealthModule, MetricsModule] })
export class WorkerHttpModule {}
