import { Module } from '@nestjs/common';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersRepository } from './dead-letters.repository.js';
import { DeadLettersService } from './dead-letters.service.js';
import { EventsCoreModule } from './events-core.module.js';

/** Events in the API: list and retry dead letters. */
@Module({
  imports: [EventsCoreModule],
  controllers: [DeadLettersController],
  providers: [DeadLettersService, DeadLettersRepository],
})
export class EventsApiModule {}
