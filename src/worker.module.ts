import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/environment.js';
import { CoreModule } from './core.module.js';
import type { Extensions } from './extension/extensions.js';
import { ExtensionsModule } from './extension/extensions.module.js';
import { EventsWorkerModule } from './events/events-worker.module.js';
import { ImportsWorkerModule } from './imports/imports-worker.module.js';
import { MediaWorkerModule } from './media/media-worker.module.js';
import { WebhooksWorkerModule } from './webhooks/webhooks-worker.module.js';

/** The worker process: the app without HTTP. Queue consumers exist only here. */
@Module({
  imports: [CoreModule, ImportsWorkerModule, MediaWorkerModule, WebhooksWorkerModule, EventsWorkerModule],
})
export class WorkerModule {
  /** Adds the configuration and the extensions, videos among them. */
  static of(environment: Readonly<Environment>, extensions: Extensions): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(environment),
        ExtensionsModule.forRoot(extensions),
        ...extensions.list.flatMap(({ worker = [] }) => worker),
      ],
    };
  }
}
