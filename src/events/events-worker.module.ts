import { Module } from '@nestjs/common';
import { EventDeliverer } from './event-deliverer.js';
import { EventDeliveriesRepository } from './event-deliveries.repository.js';
import { EventsCoreModule } from './events-core.module.js';
import { ListenerCall } from './listener-call.js';

/** Delivery of events to listeners, in the worker process. */
@Module({
  imports: [EventsCoreModule],
  providers: [EventDeliverer, EventDeliveriesRepository, ListenerCall],
})
export class EventsWorkerModule {}
