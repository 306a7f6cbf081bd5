import { Module } from '@nestjs/common';
import { MediaWorkerModule } from '../media/media-worker.module.js';
import { VideoIdentifier } from './identify/video-identifier.js';
import { VideoProber } from './identify/video-prober.js';
import { VideosCoreModule } from './videos-core.module.js';

/** What the worker needs to identify videos. */
@Module({
  imports: [VideosCoreModule, MediaWorkerModule],
  providers: [VideoIdentifier, VideoProber],
})
export class VideosWorkerModule {}
