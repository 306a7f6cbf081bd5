import { systemCode } from './local.errors.js';
import { StorageError, type StorageErrorCode } from './storage.error.js';

const BY_NAME: Record<string, StorageErrorCode> = {
  NoSuchBucket: 'DENIED',
  InvalidAccessKeyId: 'DENIED',
  SignatureDoesNotMatch: 'DENIED',
  CredentialsProviderError: 'DENIED',
  // These come with 4xx and are gone with the next attempt all the same.
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

/** The HTTP status behind an error of the SDK; undefined where no answer came. */
export function httpStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Turns an error of the SDK, or of reading the source, into a StorageError. */
export function fromS3(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const name = error instanceof Error ? error.name : 'unknown error';
  const status = httpStatus(error);
  const code =
    BY_NAME[name] ??
    (status === undefined ? undefined : BY_STATUS[status]) ??
    (systemCode(error) === 'ENOENT' ? 'NOT_FOUND' : 'UNAVAILABLE');
  return new StorageError(code, `The bucket could not do it (${status ?? name})`, { cause: error });
}
