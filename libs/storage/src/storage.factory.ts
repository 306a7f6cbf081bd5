import { LocalStorage, type LocalStorageOptions } from './local.storage.js';
import { S3Storage, type S3StorageOptions } from './s3.storage.js';
import type { Storage } from './storage.js';

/** Which storage to use, with its settings. */
export type StorageConfig = ({ type: 'local' } & LocalStorageOptions) | ({ type: 's3' } & S3StorageOptions);

/** The storage a configuration asks for. Nothing is opened or connected before the first call. */
export function createStorage(config: StorageConfig): Storage {
  return config.type === 's3' ? new S3Storage(config) : new LocalStorage(config);
}
