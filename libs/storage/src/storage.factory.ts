import { LocalStorage, type LocalStorageOptions } from './local.storage.js';
import { S3Storage, type S3StorageOptions } from './s3.storage.js';
import type { Storage } from './storage.js';

/** The kind of storage and its settings. */
export type StorageConfig = ({ type: 'local' } & LocalStorageOptions) | ({ type: 's3' } & S3StorageOptions);

/**
 * Creates the configured storage. Nothing is opened or connected before the first call.
 *
 * @returns a {@link LocalStorage} or an {@link S3Storage}
 */
export function createStorage(config: StorageConfig): Storage {
  return config.type === 's3' ? new S3Storage(config) : new LocalStorage(config);
}
