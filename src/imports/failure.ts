import type { Code, Codes, CuredCodes } from '../extension/codes.js';

/**
 * How the host responded: it answered; it accepted the connection but was too busy to answer; or it was unreachable,
 * which does not count against the item.
 */
export type HostSign = 'answered' | 'busy' | 'unreachable';

/** Why an item failed, in terms that a partner can act on. */
export interface Failure {
  /** From the closed list of the import kind, or a code of `EngineFailure`. */
  code: string;
  /** One sentence without addresses, ports or URL queries. */
  reason: string;
  /** Whether the failure is transient. The engine retries automatically; a partner can after the last attempt. */
  retryable: boolean;
  /** The origin's `Retry-After`, in milliseconds. */
  retryAfterMs?: number;
  /** Status of the response that is the failure. */
  httpStatus?: number;
  /** Bytes of the file that were received. */
  bytes?: number;
  /** What the failure says about the origin host; absent if the host was not contacted. */
  host?: HostSign;
}

/** Failures of the engine itself, independent of the kind. */
export const EngineFailure = {
  cancelled: { code: 'CANCELLED', reason: 'The import was cancelled', retryable: true },
  planExpired: { code: 'PLAN_EXPIRED', reason: 'The plan was not applied in time', retryable: true },
  hostGone: {
    code: 'CONNECTION_FAILED',
    reason: 'The host was unreachable for too long',
    retryable: true,
  },
  lost: {
    code: 'INTERNAL',
    reason: 'The worker crashed repeatedly while processing this item',
    retryable: true,
  },
  overdue: {
    code: 'PROCESSING_TIMED_OUT',
    reason: 'Processing took too long',
    retryable: true,
  },
  internal: { code: 'INTERNAL', reason: 'Internal error', retryable: true },
} as const satisfies Record<string, Failure>;

/** Codes that items of every kind can fail with. */
export const ENGINE_CODES = {
  CANCELLED: code(EngineFailure.cancelled, 'Retry these items if you want them after all'),
  CONNECTION_FAILED: code(
    EngineFailure.hostGone,
    "Check that the host in the URL is right. If it is, ask the archive's owner whether the server is running, then retry",
  ),
  PROCESSING_TIMED_OUT: code(
    EngineFailure.overdue,
    'Retry; if it takes too long again, send the item to the operator of Reelport',
  ),
  INTERNAL: code(
    EngineFailure.internal,
    'Nothing is wrong with your request. Retry; if it fails again, tell the operator of Reelport',
  ),
} as const satisfies CuredCodes;

function code({ reason, retryable }: Failure, cure: string): Required<Code> {
  return { sentence: reason, retryable, cure };
}

/** Thrown by an import kind to end an attempt; any other thrown value counts as `INTERNAL`. */
export class ItemFailure extends Error {
  override readonly name = 'ItemFailure';

  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.reason, options);
  }
}

export interface FailureOptions extends Pick<Failure, 'retryAfterMs' | 'httpStatus' | 'host'> {
  /** Details without addresses or URL queries. */
  clause?: string | undefined;
  retryable?: boolean;
  cause?: unknown;
}

/** Creates the error that ends an attempt with a code of a table; `{noun}` in its sentence stands for that of the kind. */
export function failureWith<C extends Codes>(
  codes: C,
  code: keyof C & string,
  { clause, retryable, retryAfterMs, httpStatus, host, cause }: FailureOptions = {},
): ItemFailure {
  const { sentence, retryable: usually } = codes[code];
  return new ItemFailure(
    {
      code,
      reason: clause === undefined ? sentence : `${sentence}: ${clause}`,
      retryable: retryable ?? usually,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(httpStatus === undefined ? {} : { httpStatus }),
      ...(host === undefined ? {} : { host }),
    },
    { cause },
  );
}

/** The same failure with the noun of its kind. */
export function withNoun({ failure: named, cause }: ItemFailure, noun: string): ItemFailure {
  return new ItemFailure({ ...named, reason: named.reason.replace('{noun}', () => noun) }, { cause });
}
