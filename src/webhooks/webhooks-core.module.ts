import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Outbox } from './outbox.js';
import { OutboxRepository } from './outbox.repository.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';

/** The outbox, in which other features place messages. */
@Module({
  imports: [TypeOrmModule.forFeature([WebhookDelivery, WebhookAttempt])],
  providers: [Outbox, OutboxRepository],
  exports: [TypeOrmModule, Outbox, OutboxRepository],
})
export class WebhooksCoreModule {}
