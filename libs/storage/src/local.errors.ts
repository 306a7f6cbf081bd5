import { StorageError, type StorageErrorCode } from './storage.error.js';

const CODES: Record<string, StorageErrorCode> = {
  EEXIST: 'EXISTS',
  ENOENT: 'NOT_FOUND',
  ENOSPC: 'FULL',
  EDQUOT: 'FULL',
  EACCES: 'DENIED',
  EPERM: 'DENIED',
  EROFS: 'DENIED',
  ENOTDIR: 'DENIED',
};

/** Returns the code of an operating system error, such as `ENOENT`; undefined for any other value. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Converts a file system error to a StorageError; returns a StorageError unchanged. */
export function fromFileSystem(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const system = systemCode(error);
  const code = (system !== undefined && CODES[system]) || 'UNAVAILABLE';
  return new StorageError(code, `Disk operation failed (${system ?? 'unknown error'})`, { cause: error });
}
