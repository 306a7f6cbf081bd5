import { Module } from '@nestjs/common';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { WorkerModule } from './worker.module.js';

/** The worker with its own port (`WORKER_PORT`), for supervisors and Prometheus. */
@Module({ imports: [WorkerModule, HealthModule, MetricsModule] })
export class WorkerHttpModule {}
