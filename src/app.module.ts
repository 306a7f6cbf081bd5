import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/environment.js';
import { CoreModule } from './core.module.js';
import type { Extensions } from './extension/extensions.js';
import { ExtensionsModule } from './extension/extensions.module.js';
import { EventsApiModule } from './events/events-api.module.js';
import { HealthApiModule } from './health/health-api.module.js';
import { ImportEventsApiModule } from './imports/events/import-events-api.module.js';
import { ImportsApiModule } from './imports/imports-api.module.js';
import { KindRoutesModule } from './imports/kinds/kind-routes.module.js';
import { plainKindRoutes } from './imports/plain/plain-kind-routes.js';
import { MediaApiModule } from './media/media-api.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { WebhooksApiModule } from './webhooks/webhooks-api.module.js';

/** The API process: accepts batches and reports their outcome. */
@Module({
  imports: [
    CoreModule,
    AuthModule,
    ImportsApiModule,
    ImportEventsApiModule,
    WebhooksApiModule,
    EventsApiModule,
    HealthApiModule,
    MetricsModule,
  ],
})
export class AppModule {
  /** Adds the configuration and the extensions, videos among them. */
  static of(environment: Readonly<Environment>, extensions: Extensions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(environment),
        ExtensionsModule.forRoot(extensions),
        KindRoutesModule.of(extensions.plainKinds.map((kind) => plainKindRoutes(kind))),
        MediaApiModule.of(extensions),
        ...extensions.list.flatMap(({ api = [] }) => api),
      ],
    };
  }
}
