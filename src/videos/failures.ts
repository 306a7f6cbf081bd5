import { EngineFailure, ItemFailure, type Failure } from '../imports/failure.js';

interface FailureKind {
  /** The sentence that a partner reads; a clause that says more may follow a colon. */
  sentence: string;
  /** Whether trying again can help where the step that failed does not know better. */
  retryable: boolean;
}

/** Every way in which importing a video can fail: a closed list. */
export const FAILURES = {
  URL_BLOCKED: { sentence: 'The address of the video is not allowed', retryable: false },
  HOST_NOT_FOUND: { sentence: 'The host of the video was not found', retryable: true },
  CONNECTION_FAILED: { sentence: 'The server of the video could not be reached', retryable: true },
  TLS_FAILED: { sentence: 'No secure connection to the server of the video could be made', retryable: false },
  TIMED_OUT: { sentence: 'The server of the video took too long', retryable: true },
  TOO_MANY_REDIRECTS: { sentence: 'The address of the video redirects too many times', retryable: false },
  HTTP_STATUS: { sentence: 'Could not download the video', retryable: false },
  NOT_A_VIDEO: { sentence: 'The file is not a video', retryable: false },
  UNREADABLE: { sentence: 'The file could not be read within the limits', retryable: false },
  EMPTY: { sentence: 'The file is empty', retryable: false },
  TRUNCATED: { sentence: 'The download ended before the file was complete', retryable: true },
  TOO_LARGE: { sentence: 'The file is larger than is allowed', retryable: false },
  METADATA_INVALID: { sentence: 'The metadata does not follow the schema of the project', retryable: false },
  STORAGE_FAILED: { sentence: 'The video could not be stored', retryable: true },
  CANCELLED: { sentence: EngineFailure.cancelled.reason, retryable: EngineFailure.cancelled.retryable },
  INTERNAL: { sentence: EngineFailure.internal.reason, retryable: EngineFailure.internal.retryable },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof FAILURES;

export interface FailureOptions extends Pick<Failure, 'retryAfterMs' | 'host'> {
  /** A clause that says more, without addresses or queries. */
  clause?: string | undefined;
  retryable?: boolean;
  cause?: unknown;
}

/** The end of a try, to be thrown by a step. */
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
