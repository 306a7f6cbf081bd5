import { Module } from '@nestjs/common';
import { MediaCoreModule } from '../media/media-core.module.js';

/** Video providers for both processes. */
@Module({
  imports: [MediaCoreModule],
  exports: [MediaCoreModule],
})
export class VideosCoreModule {}
