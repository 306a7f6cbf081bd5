import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsCoreModule } from '../events/events-core.module.js';
import { WebhooksCoreModule } from '../webhooks/webhooks-core.module.js';
import { AcceptRepository } from './accept/accept.repository.js';
import { AcceptService } from './accept/accept.service.js';
import { IdempotencyKeysRepository } from './accept/idempotency-keys.repository.js';
import { JobQueue } from './dispatch/job-queue.js';
import { EventNews } from './events/event-news.js';
import { ImportEvent } from './events/import-event.entity.js';
import { FinishedImports } from './finish/finished-imports.js';
import { OriginHost } from './hosts/origin-host.entity.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { ImportKinds } from './import-kinds.js';
import { Import } from './import.entity.js';
import { ImportItem } from './item/import-item.entity.js';
import { ImportAttempt } from './record/import-attempt.entity.js';
import { ITEM_QUEUE } from './item-queue.js';
import { ItemRepository } from './item/item.repository.js';
import { ReceiptKey } from './receipt/receipt-key.entity.js';
import { StatusRepository } from './status/status.repository.js';
import { StatusService } from './status/status.service.js';
import { Worker } from './workers/worker.entity.js';
import { RecentBacklog } from './workers/recent-backlog.js';
import { WaitingRepository } from './workers/waiting.repository.js';
import { WorkersRepository } from './workers/workers.repository.js';

/** The life of a batch, for any kind of thing, as far as the API takes part in it. */
@Module({
  imports: [
    // Registered only here: registering it twice would create two queues.
    BullModule.registerQueue({ name: ITEM_QUEUE }),
    TypeOrmModule.forFeature([
      Import,
      ImportItem,
      ImportEvent,
      ImportAttempt,
      IdempotencyKey,
      OriginHost,
      ReceiptKey,
      Worker,
    ]),
    WebhooksCoreModule,
    EventsCoreModule,
  ],
  providers: [
    ImportKinds,
    AcceptService,
    AcceptRepository,
    IdempotencyKeysRepository,
    StatusService,
    StatusRepository,
    ItemRepository,
    EventNews,
    FinishedImports,
    WorkersRepository,
    WaitingRepository,
    RecentBacklog,
    JobQueue,
  ],
  exports: [
    BullModule,
    TypeOrmModule,
    ImportKinds,
    JobQueue,
    RecentBacklog,
    AcceptService,
    StatusService,
    ItemRepository,
    FinishedImports,
    IdempotencyKeysRepository,
    WorkersRepository,
    WaitingRepository,
    WebhooksCoreModule,
    EventsCoreModule,
  ],
})
export class ImportsCoreModule {}
