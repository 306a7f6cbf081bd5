import { Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { CoreModule } from './core.module.js';
import { HealthApiModule } from './health/health-api.module.js';
import { ImportsApiModule } from './imports/imports-api.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { VideosApiModule } from './videos/videos-api.module.js';
import { WebhooksApiModule } from './webhooks/webhooks-api.module.js';

/** The API process: accepts batches and reports their outcome. */
@Module({
  imports: [
    CoreModule,
    AuthModule,
    ImportsApiModule,
    VideosApiModule,
    WebhooksApiModule,
    HealthApiModule,
    MetricsModule,
  ],
})
export class AppModule {}
