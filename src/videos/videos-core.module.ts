import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ImportsCoreModule } from '../imports/imports-core.module.js';
import { Asset } from './asset.entity.js';
import { MediaUrls } from './media/media-urls.js';
import { mediaStorageProvider } from './media/media-storage.js';
import { StorageFolder } from './media/storage-folder.entity.js';
import { StorageFolderGuard } from './media/storage-folder.guard.js';
import { ReleasedAsset } from './removal/released-asset.entity.js';
import { VideoKind } from './video-kind.js';
import { Video } from './video.entity.js';

/** Video providers for both processes. */
@Module({
  imports: [TypeOrmModule.forFeature([Video, Asset, ReleasedAsset, StorageFolder]), ImportsCoreModule],
  providers: [VideoKind, MediaUrls, mediaStorageProvider, StorageFolderGuard],
  exports: [TypeOrmModule, VideoKind, MediaUrls, mediaStorageProvider, ImportsCoreModule],
})
export class VideosCoreModule {}
