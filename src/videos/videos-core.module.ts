import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ImportsCoreModule } from '../imports/imports-core.module.js';
import { Asset } from '../media/library/asset.entity.js';
import { MediaUrls } from '../media/serving/media-urls.js';
import { mediaStorageProvider } from '../media/storage/media-storage.js';
import { StorageFolder } from '../media/storage/storage-folder.entity.js';
import { StorageFolderGuard } from '../media/storage/storage-folder.guard.js';
import { ReleasedAsset } from '../media/removal/released-asset.entity.js';
import { VideoKind } from './video-kind.js';
import { Video } from '../media/library/media.entity.js';

/** Video providers for both processes. */
@Module({
  imports: [TypeOrmModule.forFeature([Video, Asset, ReleasedAsset, StorageFolder]), ImportsCoreModule],
  providers: [VideoKind, MediaUrls, mediaStorageProvider, StorageFolderGuard],
  exports: [TypeOrmModule, VideoKind, MediaUrls, mediaStorageProvider, ImportsCoreModule],
})
export class VideosCoreModule {}
