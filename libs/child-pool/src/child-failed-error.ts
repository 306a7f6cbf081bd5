/**
 * Failures caused by the work:
 * - `timed-out`: it exceeded its time limit.
 * - `out-of-memory`: it needed more memory than the limit.
 * - `crashed`: the process that did it ended.
 *
 * Failures that say nothing about the work:
 * - `unavailable`: no process could be started, or the machine was too busy to run it.
 * - `closed`: the pool was closed before the work was done.
 */
export type ChildFailure = 'timed-out' | 'out-of-memory' | 'crashed' | 'unavailable' | 'closed';

const CAUSED_BY_WORK: ReadonlySet<ChildFailure> = new Set(['timed-out', 'out-of-memory', 'crashed']);

/** A process ended before it answered. */
export class ChildFailedError extends Error {
  override readonly name = 'ChildFailedError';

  /** @param message for the operator's log */
  constructor(
    readonly failure: ChildFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the work caused the failure and would probably cause it again. */
  get isCausedByWork(): boolean {
    return CAUSED_BY_WORK.has(this.failure);
  }
}
