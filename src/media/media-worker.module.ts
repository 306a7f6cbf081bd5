import { Module } from '@nestjs/common';
import { ImportsWorkerModule } from '../imports/imports-worker.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { IncomingFiles } from './incoming/incoming-files.js';
import { Transfers } from './incoming/transfers.js';
import { IsolatedKinds } from './isolation/isolated-kinds.js';
import { MediaCoreModule } from './media-core.module.js';
import { MediaWorker } from './media-worker.js';
import { MetadataSchemas } from './metadata-schemas.js';
import { Leftovers } from './removal/leftovers.js';
import { OrphansRepository } from './removal/orphans.repository.js';
import { Removal } from './removal/removal.js';
import { RemovalSchedule } from './removal/removal.schedule.js';
import { CheckMetadataStep } from './steps/check-metadata.step.js';
import { DownloadStep } from './steps/download.step.js';
import { ExtensionStep } from './steps/extension.step.js';
import { FindExpectedStep } from './steps/find-expected.step.js';
import { FindKnownStep } from './steps/find-known.step.js';
import { FindStoredStep } from './steps/find-stored.step.js';
import { IdentifyStep } from './steps/identify.step.js';
import { KnownMediaRepository } from './steps/known-media.repository.js';
import { PredictStep } from './steps/predict.step.js';
import { RecordRepository } from './steps/record.repository.js';
import { RecordStep } from './steps/record.step.js';
import { StoreStep } from './steps/store.step.js';

/** The steps of a media import, for every kind, and the removal of files that nothing refers to. */
@Module({
  imports: [MediaCoreModule, ImportsWorkerModule, ProjectsModule],
  providers: [
    MediaWorker,
    IncomingFiles,
    Transfers,
    CheckMetadataStep,
    FindKnownStep,
    FindExpectedStep,
    DownloadStep,
    FindStoredStep,
    ExtensionStep,
    IdentifyStep,
    IsolatedKinds,
    StoreStep,
    PredictStep,
    RecordStep,
    KnownMediaRepository,
    RecordRepository,
    MetadataSchemas,
    Removal,
    RemovalSchedule,
    OrphansRepository,
    Leftovers,
  ],
})
export class MediaWorkerModule {}
