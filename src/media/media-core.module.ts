import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ImportsCoreModule } from '../imports/imports-core.module.js';
import { Asset } from './library/asset.entity.js';
import { Media } from './library/media.entity.js';
import { MediaRepository } from './library/media.repository.js';
import { MediaRemovalRepository } from './library/media-removal.repository.js';
import { MediaRemoval } from './library/media-removal.service.js';
import { ReleasedAsset } from './removal/released-asset.entity.js';
import { EventsCoreModule } from '../events/events-core.module.js';
import { MediaUrls } from './serving/media-urls.js';
import { ServedFiles } from './serving/served-files.js';
import { mediaStorageProvider } from './storage/media-storage.js';
import { StorageFolder } from './storage/storage-folder.entity.js';
import { StorageFolderGuard } from './storage/storage-folder.guard.js';

/** The library and the storage of media, for both processes. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Media, Asset, ReleasedAsset, StorageFolder]),
    EventsCoreModule,
    ImportsCoreModule,
  ],
  providers: [
    MediaRepository,
    MediaRemovalRepository,
    MediaRemoval,
    ServedFiles,
    MediaUrls,
    mediaStorageProvider,
    StorageFolderGuard,
  ],
  exports: [
    TypeOrmModule,
    MediaRepository,
    MediaRemoval,
    ServedFiles,
    MediaUrls,
    mediaStorageProvider,
    ImportsCoreModule,
  ],
})
export class MediaCoreModule {}
