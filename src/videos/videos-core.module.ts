import { Module } from '@nestjs/common';
import { MediaCoreModule } from '../media/media-core.module.js';
import { VideoKind } from './video-kind.js';

/** Video providers for both processes. */
@Module({
  imports: [MediaCoreModule],
  providers: [VideoKind],
  exports: [VideoKind, MediaCoreModule],
})
export class VideosCoreModule {}
