import { Module } from '@nestjs/common';
import { VideoProber } from './identify/video-prober.js';

/** What the worker needs to identify videos. */
@Module({ providers: [VideoProber] })
export class VideosWorkerModule {}
