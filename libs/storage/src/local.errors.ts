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

/** The code of an error of the operating system, such as `ENOENT`; undefined for any other value. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns an error of the file system into a StorageError; one that is a StorageError already stays as it is. */
export function fromFileSystem(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const system = systemCode(error);
  const code = (system !== undefined && CODES[system]) || 'UNAVAILABLE';
  return new StorageError(code, `The disk could not do it (${system ?? 'unknown error'})`, { cause: error });
}
