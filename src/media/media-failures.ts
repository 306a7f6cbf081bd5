import type { Codes } from '../extension/codes.js';
import { EngineFailure, ItemFailure, type Failure } from '../imports/failure.js';

/** Failures that every kind of media has, a closed list; `{noun}` stands for that of the kind. */
export const MEDIA_FAILURES = {
  URL_BLOCKED: { sentence: 'The URL of the {noun} is not allowed', retryable: false },
  HOST_NOT_FOUND: { sentence: 'The host name of the {noun} does not resolve', retryable: true },
  CONNECTION_FAILED: { sentence: 'Could not connect to the server of the {noun}', retryable: true },
  TLS_FAILED: {
    sentence: 'Could not establish a TLS connection to the server of the {noun}',
    retryable: false,
  },
  TIMED_OUT: { sentence: 'The server of the {noun} timed out', retryable: true },
  TOO_MANY_REDIRECTS: { sentence: 'Too many redirects', retryable: false },
  HTTP_STATUS: { sentence: 'Could not download the {noun}', retryable: false },
  EMPTY: { sentence: 'The file is empty', retryable: false },
  TRUNCATED: { sentence: 'The download is incomplete', retryable: true },
  TOO_LARGE: { sentence: 'The file exceeds the size limit', retryable: false },
  METADATA_INVALID: { sentence: 'The metadata does not match the schema of the project', retryable: false },
  STORAGE_FAILED: { sentence: 'Could not store the {noun}', retryable: true },
  CANCELLED: { sentence: EngineFailure.cancelled.reason, retryable: EngineFailure.cancelled.retryable },
  PROCESSING_TIMED_OUT: {
    sentence: EngineFailure.overdue.reason,
    retryable: EngineFailure.overdue.retryable,
  },
  INTERNAL: { sentence: EngineFailure.internal.reason, retryable: EngineFailure.internal.retryable },
} as const satisfies Codes;

export type MediaFailureCode = keyof typeof MEDIA_FAILURES;

export interface FailureOptions extends Pick<Failure, 'retryAfterMs' | 'host'> {
  /** Details without addresses or URL queries. */
  clause?: string | undefined;
  retryable?: boolean;
  cause?: unknown;
}

/** Creates the error that a common step throws to end an attempt. The worker puts in the noun of the kind. */
export function failure(
  code: MediaFailureCode,
  { clause, retryable, retryAfterMs, host, cause }: FailureOptions = {},
): ItemFailure {
  const { sentence, retryable: usually } = MEDIA_FAILURES[code];
  return new ItemFailure(
    {
      code,
      reason: clause === undefined ? sentence : `${sentence}: ${clause}`,
      retryable: retryable ?? usually,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(host === undefined ? {} : { host }),
    },
    { cause },
  );
}

/** The same failure with the noun of its kind. */
export function withNoun({ failure: named, cause }: ItemFailure, noun: string): ItemFailure {
  return new ItemFailure({ ...named, reason: named.reason.replace('{noun}', () => noun) }, { cause });
}
