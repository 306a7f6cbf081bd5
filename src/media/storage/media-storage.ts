import type { FactoryProvider } from '@nestjs/common';
import { createStorage, type Storage } from '#libs/storage';
import { Environment } from '../../config/environment.js';
import { ExtensionError } from '../../config/extension-error.js';
import type { StoragePart } from '../../extension/define-storage.js';
import { Extensions } from '../../extension/extensions.js';
import { mediaFolder } from './media-folders.js';

/** Injection token of the storage of all kinds. */
export const MEDIA_STORAGE = Symbol('MEDIA_STORAGE');

export const mediaStorageProvider: FactoryProvider<Storage> = {
  provide: MEDIA_STORAGE,
  inject: [Environment, Extensions],
  useFactory: (environment: Environment, extensions: Extensions) => {
    for (const { name, storages = [] } of extensions.list) {
      const part = storages.find((storage) => storage.name === environment.STORAGE);
      if (part !== undefined) return createOnce(name, part);
    }
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

/** The methods of a storage, for extensions without types. */
const METHODS: ReadonlyArray<keyof Storage> = ['put', 'delete', 'stat', 'read', 'list'];
/** API and worker share the storage if they run in one process. */
const created = new WeakMap<StoragePart, Promise<Storage>>();

function createOnce(extension: string, part: StoragePart): Promise<Storage> {
  const storage = created.get(part) ?? create(extension, part);
  created.set(part, storage);
  return storage;
}

/** @throws ExtensionError if it cannot be created, or lacks a method */
async function create(extension: string, part: StoragePart): Promise<Storage> {
  let storage: Storage;
  try {
    storage = await part.create();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExtensionError([`${extension}: storage "${part.name}" cannot be created: ${reason}`]);
  }
  const missing = METHODS.filter((method) => typeof storage?.[method] !== 'function');
  if (missing.length === 0) return storage;
  throw new ExtensionError([`${extension}: storage "${part.name}" has no ${missing.join(', ')}`]);
}
