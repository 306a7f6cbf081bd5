import type { FactoryProvider } from '@nestjs/common';
import { createStorage, type Storage } from '#libs/storage';
import { Environment } from '../../config/environment.js';
import { mediaFolder } from './media-folders.js';

/** Injection token of the video storage. */
export const MEDIA_STORAGE = Symbol('MEDIA_STORAGE');

export const mediaStorageProvider: FactoryProvider<Storage> = {
  provide: MEDIA_STORAGE,
  inject: [Environment],
  useFactory: (environment: Environment) => {
    const { S3_BUCKET, S3_REGION, S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = environment;
    if (S3_BUCKET === undefined || environment.STORAGE === 'local') {
      return createStorage({ type: 'local', root: mediaFolder(environment) });
    }
    return createStorage({
      type: 's3',
      bucket: S3_BUCKET,
      region: S3_REGION,
      prefix: environment.S3_PREFIX,
      forcePathStyle: environment.S3_FORCE_PATH_STYLE,
      ...(S3_ENDPOINT !== undefined && { endpoint: S3_ENDPOINT }),
      ...(S3_ACCESS_KEY_ID !== undefined && { accessKeyId: S3_ACCESS_KEY_ID }),
      ...(S3_SECRET_ACCESS_KEY !== undefined && { secretAccessKey: S3_SECRET_ACCESS_KEY }),
    });
  },
};
