import { Module } from '@nestjs/common';
import { ImportsModule } from './imports.module.js';
import { Claims } from './work/claims.js';
import { ClaimsRepository } from './work/claims.repository.js';
import { ItemRunner } from './work/item-runner.js';
import { Reconciler } from './work/reconciler.js';
import { Recorder } from './work/recorder.js';
import { RecordsRepository } from './work/records.repository.js';
import { Upkeep } from './work/upkeep.js';
import { WorkUnderWay } from './work/work-under-way.js';

/** What becomes of a batch in the worker process: items are claimed, run and recorded. */
@Module({
  imports: [ImportsModule],
  providers: [
    Claims,
    ClaimsRepository,
    ItemRunner,
    Recorder,
    RecordsRepository,
    Reconciler,
    Upkeep,
    WorkUnderWay,
  ],
  exports: [ItemRunner],
})
export class ImportsWorkerModule {}
