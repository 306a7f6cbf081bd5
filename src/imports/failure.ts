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
}

/** Failures that are the engine's own, whatever is imported. */
export const EngineFailure = {
  cancelled: { code: 'CANCELLED', reason: 'The import was cancelled', retryable: true },
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
