import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventDelivery } from './event-delivery.entity.js';
import { Events } from './events.js';
import { EventsBacklogRepository } from './events-backlog.repository.js';
import { EventsRepository } from './events.repository.js';
import { StoredEvent } from './stored-event.entity.js';

/** The events, which other features record. */
@Module({
  imports: [TypeOrmModule.forFeature([StoredEvent, EventDelivery])],
  providers: [Events, EventsRepository, EventsBacklogRepository],
  exports: [TypeOrmModule, Events, EventsBacklogRepository],
})
export class EventsCoreModule {}
