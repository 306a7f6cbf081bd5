import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module.js';
import { ImportsApiModule } from '../imports-api.module.js';
import { ImportsCoreModule } from '../imports-core.module.js';
import { EventPages } from './event-pages.js';
import { EventStreamsService } from './event-streams.service.js';
import { EventsController } from './events.controller.js';
import { ItemsWebhooks } from './items-webhooks.js';
import { ImportEventsModule } from './import-events.module.js';

/** Streams of events in the API. */
@Module({
  imports: [ImportsApiModule, ImportsCoreModule, ImportEventsModule, AuthModule],
  controllers: [EventsController],
  providers: [EventStreamsService, EventPages, ItemsWebhooks],
})
export class ImportEventsApiModule {}
