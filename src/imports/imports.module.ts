import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OutboxModule } from '../webhooks/outbox.module.js';
import { AcceptRepository } from './accept/accept.repository.js';
import { AcceptService } from './accept/accept.service.js';
import { IdempotencyKeysRepository } from './accept/idempotency-keys.repository.js';
import { DispatchRepository } from './dispatch/dispatch.repository.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { ImportItem } from './import-item.entity.js';
import { ImportKinds } from './import-kinds.js';
import { Import } from './import.entity.js';
import { StatusRepository } from './status/status.repository.js';
import { StatusService } from './status/status.service.js';

/** The life of a batch, for any kind of thing, as far as the API takes part in it. */
@Module({
  imports: [TypeOrmModule.forFeature([Import, ImportItem, IdempotencyKey]), OutboxModule],
  providers: [
    ImportKinds,
    AcceptService,
    AcceptRepository,
    IdempotencyKeysRepository,
    StatusService,
    StatusRepository,
    Dispatcher,
    DispatchRepository,
  ],
  exports: [ImportKinds, AcceptService, StatusService, Dispatcher, OutboxModule],
})
export class ImportsModule {}
