import { Module } from '@nestjs/common';
import { ImportVideosController } from './import/import-videos.controller.js';
import { ImportVideosService } from './import/import-videos.service.js';
import { VideosController } from './library/videos.controller.js';
import { VideosService } from './library/videos.service.js';
import { VideosCoreModule } from './videos-core.module.js';

/** Videos in the API: import and library. */
@Module({
  imports: [VideosCoreModule],
  controllers: [ImportVideosController, VideosController],
  providers: [ImportVideosService, VideosService],
})
export class VideosApiModule {}
