import { EngineFailure, ItemFailure, type Failure } from '../imports/failure.js';

interface FailureKind {
  /** Sentence for the partner; a clause with details may follow after a colon. */
  sentence: string;
  /** Whether a retry can help, unless the failing step knows better. */
  retryable: boolean;
}

/** All failures of a video import, a closed list. */
export const FAILURES = {
  URL_BLOCKED: { sentence: 'The URL of the video is not allowed', retryable: false },
  HOST_NOT_FOUND: { sentence: 'The host name of the video does not resolve', retryable: true },
  CONNECTION_FAILED: { sentence: 'Could not connect to the server of the video', retryable: true },
  TLS_FAILED: {
    sentence: 'Could not establish a TLS connection to the server of the video',
    retryable: false,
  },
  TIMED_OUT: { sentence: 'The server of the video timed out', retryable: true },
  TOO_MANY_REDIRECTS: { sentence: 'Too many redirects', retryable: false },
  HTTP_STATUS: { sentence: 'Could not download the video', retryable: false },
  NOT_A_VIDEO: { sentence: 'The file is not a video', retryable: false },
  UNREADABLE: { sentence: 'Reading the file exceeded the resource limits', retryable: false },
  EMPTY: { sentence: 'The file is empty', retryable: false },
  TRUNCATED: { sentence: 'The download is incomplete', retryable: true },
  TOO_LARGE: { sentence: 'The file exceeds the size limit', retryable: false },
  METADATA_INVALID: { sentence: 'The metadata does not match the schema of the project', retryable: false },
  STORAGE_FAILED: { sentence: 'Could not store the video', retryable: true },
  CANCELLED: { sentence: EngineFailure.cancelled.reason, retryable: EngineFailure.cancelled.retryable },
  INTERNAL: { sentence: EngineFailure.internal.reason, retryable: EngineFailure.internal.retryable },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof FAILURES;

export interface FailureOptions extends Pick<Failure, 'retryAfterMs' | 'host'> {
  /** Details without addresses or URL queries. */
  clause?: string | undefined;
  retryable?: boolean;
  cause?: unknown;
}

/** Creates the error that a step throws to end an attempt. */
export function failure(
  code: FailureCode,
  { clause, retryable, retryAfterMs, host, cause }: FailureOptions = {},
): ItemFailure {
  const { sentence, retryable: usually } = FAILURES[code];
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
