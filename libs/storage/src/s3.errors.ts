import { systemCode } from './local.errors.js';
import { StorageError, type StorageErrorCode } from './storage.error.js';

const BY_NAME: Record<string, StorageErrorCode> = {
  NoSuchBucket: 'DENIED',
  InvalidAccessKeyId: 'DENIED',
  SignatureDoesNotMatch: 'DENIED',
  CredentialsProviderError: 'DENIED',
  // These come with 4xx but are transient.
  RequestTimeout: 'UNAVAILABLE',
  BadDigest: 'UNAVAILABLE',
  XAmzContentSHA256Mismatch: 'UNAVAILABLE',
  NoSuchUpload: 'UNAVAILABLE',
  QuotaExceeded: 'FULL',
  XMinioStorageFull: 'FULL',
};
const BY_STATUS: Record<number, StorageErrorCode> = {
  400: 'DENIED',
  401: 'DENIED',
  403: 'DENIED',
  404: 'NOT_FOUND',
  405: 'DENIED',
  412: 'EXISTS',
  416: 'RANGE',
  507: 'FULL',
};

/** Returns the HTTP status of an SDK error; undefined if there was no response. */
export function httpStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Converts an error of the SDK, or of reading the source, to a StorageError. */
export function fromS3(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const name = error instanceof Error ? error.name : 'unknown error';
  const status = httpStatus(error);
  const code =
    BY_NAME[name] ??
    (status === undefined ? undefined : BY_STATUS[status]) ??
    (systemCode(error) === 'ENOENT' ? 'NOT_FOUND' : 'UNAVAILABLE');
  return new StorageError(code, `Bucket operation failed (${status ?? name})`, { cause: error });
}
