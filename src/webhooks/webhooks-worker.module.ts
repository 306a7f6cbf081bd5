import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/projects.module.js';
import { Deliverer } from './deliverer.js';
import { DeliveryAttempt } from './delivery-attempt.js';
import { WebhooksCoreModule } from './webhooks-core.module.js';

/** Webhook delivery in the worker process. */
@Module({ imports: [WebhooksCoreModule, ProjectsModule], providers: [Deliverer, DeliveryAttempt] })
export class WebhooksWorkerModule {}
