/** The public API of Reelport for in-house teams: docs/extending.md. */
export { createReelport, type ReelportApp, type ReelportOptions } from './create-reelport.js';
export * from './extension/index.js';
export { CurrentCaller, type Caller } from './auth/caller.js';
export { Public, RequireScopes } from './auth/require-scopes.decorator.js';
export {
  isKey,
  StorageError,
  type ByteRange,
  type ObjectMeta,
  type Storage,
  type StorageErrorCode,
  type StoredObject,
} from '#libs/storage';
