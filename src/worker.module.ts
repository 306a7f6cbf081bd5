import { Module } from '@nestjs/common';
import { CoreModule } from './core.module.js';
import { VideosWorkerModule } from './videos/videos-worker.module.js';
import { WebhooksWorkerModule } from './webhooks/webhooks-worker.module.js';

/** The job process, the app without HTTP: consumers of queues can be reached from here alone. */
@Module({ imports: [CoreModule, VideosWorkerModule, WebhooksWorkerModule] })
export class WorkerModule {}
