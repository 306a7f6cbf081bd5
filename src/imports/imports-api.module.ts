import { Module } from '@nestjs/common';
import { CancelService } from './cancel/cancel.service.js';
import { ImportEventsModule } from './events/import-events.module.js';
import { FailuresRepository } from './failures/failures.repository.js';
import { FailuresService } from './failures/failures.service.js';
import { ItemDetailRepository } from './item-detail/item-detail.repository.js';
import { ItemDetailService } from './item-detail/item-detail.service.js';
import { ImportHostsRepository } from './import-hosts/import-hosts.repository.js';
import { ImportHostsService } from './import-hosts/import-hosts.service.js';
import { ImportTurnsRepository } from './import-turns.repository.js';
import { ImportsController } from './imports.controller.js';
import { ImportsCoreModule } from './imports-core.module.js';
import { ItemsRepository } from './list/items.repository.js';
import { ItemsService } from './list/items.service.js';
import { ImportsRepository } from './list/imports.repository.js';
import { ImportsService } from './list/imports.service.js';
import { KindsController } from './kinds/kinds.controller.js';
import { ReceiptKeysController } from './receipt/receipt-keys.controller.js';
import { ReceiptKeysService } from './receipt/receipt-keys.service.js';
import { ReceiptRepository } from './receipt/receipt.repository.js';
import { ReceiptService } from './receipt/receipt.service.js';
import { ReceiptsController } from './receipt/receipts.controller.js';
import { ApplyService } from './plan/apply.service.js';
import { PlansRepository } from './plan/plans.repository.js';
import { ReportRepository } from './report/report.repository.js';
import { ReportService } from './report/report.service.js';
import { RequestRepository } from './request/request.repository.js';
import { RequestService } from './request/request.service.js';
import { RetryService } from './retry/retry.service.js';
import { WaitingHostsRepository } from './waiting/waiting-hosts.repository.js';
import { WaitingController } from './waiting/waiting.controller.js';
import { WaitingService } from './waiting/waiting.service.js';

/** API for imports of every kind: status, items, report, retry and cancellation. */
@Module({
  imports: [ImportsCoreModule, ImportEventsModule],
  controllers: [
    ImportsController,
    ReceiptsController,
    ReceiptKeysController,
    WaitingController,
    KindsController,
  ],
  providers: [
    ImportsService,
    ImportsRepository,
    ItemsService,
    ItemsRepository,
    ItemDetailService,
    ItemDetailRepository,
    FailuresService,
    FailuresRepository,
    ImportHostsService,
    ImportHostsRepository,
    RequestService,
    RequestRepository,
    RetryService,
    CancelService,
    ApplyService,
    PlansRepository,
    ImportTurnsRepository,
    ReportService,
    ReportRepository,
    ReceiptService,
    ReceiptRepository,
    ReceiptKeysService,
    WaitingService,
    WaitingHostsRepository,
  ],
  exports: [ImportsService],
})
export class ImportsApiModule {}
