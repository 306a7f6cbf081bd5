export type { ByteRange, ObjectMeta, Storage, StoredObject } from './storage.js';
export { StorageError, type StorageErrorCode } from './storage.error.js';
export { assertKey, isKey, newKey, type Key } from './storage.key.js';
export { createStorage, type StorageConfig } from './storage.factory.js';
export { LocalStorage, type LocalStorageOptions } from './local.storage.js';
export { freeBytes } from './local.free-bytes.js';
export { S3Storage, type S3StorageOptions } from './s3.storage.js';
export { storageContract, type StorageCase } from './storage.contract.js';
