import { Module } from '@nestjs/common';
import { CoreModule } from './core.module.js';
import { VideosWorkerModule } from './videos/videos-worker.module.js';
import { WebhooksWorkerModule } from './webhooks/webhooks-worker.module.js';

/** The worker process: the app without HTTP. Queue consumers exist only here. */
@Module({ imports: [CoreModule, VideosWorkerModule, WebhooksWorkerModule] })
export class WorkerModule {}
