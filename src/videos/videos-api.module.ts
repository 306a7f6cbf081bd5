import { Module } from '@nestjs/common';
import { VideosController } from './library/videos.controller.js';
import { VideosService } from './library/videos.service.js';
import { VideosCoreModule } from './videos-core.module.js';

/** The video library in the API. */
@Module({
  imports: [VideosCoreModule],
  controllers: [VideosController],
  providers: [VideosService],
})
export class VideosApiModule {}
