import { Module } from '@nestjs/common';
import { WebhooksCoreModule } from './webhooks-core.module.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Webhooks in the API: list deliveries and redeliver. */
@Module({
  imports: [WebhooksCoreModule],
  controllers: [WebhooksController],
  providers: [WebhooksService, WebhookDeliveriesRepository],
})
export class WebhooksApiModule {}
