/**
 * How a host behaved: it answered; it let us in, but was too busy to answer; or it could not be reached at all, which is
 * no fault of the item.
 */
export type HostSign = 'answered' | 'busy' | 'unreachable';

/** Why an item is not done, in a form that a partner can act on. */
export interface Failure {
  /** From the closed list of the import kind, or one of `EngineFailure`. */
  code: string;
  /** One sentence without addresses, ports or queries of URLs. */
  reason: string;
  /** Whether trying again can help: the engine does so by itself, and a partner may after the last try. */
  retryable: boolean;
  /** The origin's `Retry-After`, in milliseconds. */
  retryAfterMs?: number;
  /** What the failure tells of the host that the item is fetched from; left out where it was not asked. */
  host?: HostSign;
}

/** Failures that are the engine's own, whatever is imported. */
export const EngineFailure = {
  cancelled: { code: 'CANCELLED', reason: 'The import was cancelled', retryable: true },
  hostGone: {
    code: 'CONNECTION_FAILED',
    reason: 'The server could not be reached for a long time',
    retryable: true,
  },
  lost: { code: 'INTERNAL', reason: 'Every worker that began it came to an end', retryable: true },
  internal: { code: 'INTERNAL', reason: 'Something went wrong on our side', retryable: true },
} as const satisfies Record<string, Failure>;

/** Thrown by an import kind to end the try of an item; anything else that is thrown counts as `INTERNAL`. */
export class ItemFailure extends Error {
  override readonly name = 'ItemFailure';

  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.reason, options);
  }
}
