import { Module } from '@nestjs/common';
import { ImportsWorkerModule } from '../imports/imports-worker.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { IncomingFiles } from './incoming/incoming-files.js';
import { Transfers } from './incoming/transfers.js';
import { VideoProber } from './media/video-prober.js';
import { MetadataSchemas } from './metadata-schemas.js';
import { Leftovers } from './removal/leftovers.js';
import { OrphansRepository } from './removal/orphans.repository.js';
import { Removal } from './removal/removal.js';
import { RemovalSchedule } from './removal/removal.schedule.js';
import { CheckMetadataStep } from './steps/check-metadata.step.js';
import { DownloadStep } from './steps/download.step.js';
import { FindKnownStep } from './steps/find-known.step.js';
import { IdentifyStep } from './steps/identify.step.js';
import { KnownVideosRepository } from './steps/known-videos.repository.js';
import { RecordRepository } from './steps/record.repository.js';
import { RecordStep } from './steps/record.step.js';
import { StoreStep } from './steps/store.step.js';
import { VideosCoreModule } from './videos-core.module.js';
import { VideoWorker } from './video-worker.js';

/** Video processing: the queue consumer and the steps of an import. */
@Module({
  imports: [VideosCoreModule, ImportsWorkerModule, ProjectsModule],
  providers: [
    VideoWorker,
    IncomingFiles,
    Transfers,
    CheckMetadataStep,
    FindKnownStep,
    DownloadStep,
    IdentifyStep,
    StoreStep,
    RecordStep,
    KnownVideosRepository,
    RecordRepository,
    MetadataSchemas,
    VideoProber,
    Removal,
    RemovalSchedule,
    OrphansRepository,
    Leftovers,
  ],
})
export class VideosWorkerModule {}
