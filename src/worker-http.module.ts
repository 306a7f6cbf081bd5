import { Module } from '@nestjs/common';
import { HealthApiModule } from './health/health-api.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { WorkerModule } from './worker.module.js';

/** The worker with its own port (`WORKER_PORT`), for supervisors and Prometheus. */
@Module({ imports: [WorkerModule, HealthApiModule, MetricsModule] })
export class WorkerHttpModule {}
