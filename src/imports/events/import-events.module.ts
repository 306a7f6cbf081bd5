import { Module } from '@nestjs/common';
import { ImportsCoreModule } from '../imports-core.module.js';
import { EventBodies } from './event-bodies.js';
import { ImportEventsRepository } from './import-events.repository.js';
import { LiveEvents } from './live-events.js';
import { StreamPlaces } from './stream-places.js';
import { WaitingStatus } from './waiting-status.js';

/** Reads the events of imports, for everything in the API that waits for them. */
@Module({
  imports: [ImportsCoreModule],
  providers: [ImportEventsRepository, EventBodies, LiveEvents, StreamPlaces, WaitingStatus],
  exports: [ImportEventsRepository, EventBodies, LiveEvents, StreamPlaces, WaitingStatus],
})
export class ImportEventsModule {}
