import { Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { CoreModule } from './core.module.js';
import { HealthModule } from './health/health.module.js';
import { ImportsApiModule } from './imports/imports-api.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { VideosModule } from './videos/videos.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The API process: accepts batches and reports their outcome. */
@Module({
  imports: [
    CoreModule,
    AuthModule,
    ImportsApiModule,
    VideosModule,
    WebhooksModule,
    HealthModule,
    MetricsModule,
  ],
})
export class AppModule {}
