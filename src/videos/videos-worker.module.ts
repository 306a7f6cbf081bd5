import { Module } from '@nestjs/common';
import { ImportsWorkerModule } from '../imports/imports-worker.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { IncomingFiles } from '../media/incoming/incoming-files.js';
import { Transfers } from '../media/incoming/transfers.js';
import { VideoProber } from './identify/video-prober.js';
import { MetadataSchemas } from '../media/metadata-schemas.js';
import { Leftovers } from '../media/removal/leftovers.js';
import { OrphansRepository } from '../media/removal/orphans.repository.js';
import { Removal } from '../media/removal/removal.js';
import { RemovalSchedule } from '../media/removal/removal.schedule.js';
import { CheckMetadataStep } from '../media/steps/check-metadata.step.js';
import { DownloadStep } from '../media/steps/download.step.js';
import { FindKnownStep } from '../media/steps/find-known.step.js';
import { IdentifyStep } from '../media/steps/identify.step.js';
import { KnownVideosRepository } from '../media/steps/known-media.repository.js';
import { RecordRepository } from '../media/steps/record.repository.js';
import { RecordStep } from '../media/steps/record.step.js';
import { StoreStep } from '../media/steps/store.step.js';
import { VideosCoreModule } from './videos-core.module.js';
import { VideoWorker } from '../media/media-worker.js';

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
