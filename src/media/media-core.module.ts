import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ImportsCoreModule } from '../imports/imports-core.module.js';
import { Asset } from './library/asset.entity.js';
import { Media } from './library/media.entity.js';
import { MediaRepository } from './library/media.repository.js';
import { ReleasedAsset } from './removal/released-asset.entity.js';
import { MediaUrls } from './serving/media-urls.js';
import { mediaStorageProvider } from './storage/media-storage.js';
import { StorageFolder } from './storage/storage-folder.entity.js';
import { StorageFolderGuard } from './storage/storage-folder.guard.js';

/** The library and the storage of media, for both processes. */
@Module({
  imports: [TypeOrmModule.forFeature([Media, Asset, ReleasedAsset, StorageFolder]), ImportsCoreModule],
  providers: [MediaRepository, MediaUrls, mediaStorageProvider, StorageFolderGuard],
  exports: [TypeOrmModule, MediaRepository, MediaUrls, mediaStorageProvider, ImportsCoreModule],
})
export class MediaCoreModule {}
