import { ApiError } from './api-error.js';
import { cappedDetails, MAX_DETAILS } from './error-details.js';

/**
 * Collects all faults of a request, so that the client sees them at once. Keeps the first 100 and counts the rest, so
 * that a large bad batch costs no memory.
 *
 * @example
 * const faults = new Faults();
 * faults.add('videos.3.id', 'Must differ from the id of videos.1');
 * faults.throwIfAny(); // 400 with both paths
 */
export class Faults {
  private readonly kept = new Map<string, string>();
  private total = 0;

  /** Number of faults, including those beyond the cap. */
  get count(): number {
    return this.total;
  }

  /**
   * @param path dotted path of the field, such as "videos.3.url"
   * @param sentence the expected value, never the actual one. If a kept path is added again, the first sentence stays
   *   and the second is not counted.
   */
  add(path: string, sentence: string): void {
    if (this.kept.has(path)) return;
    this.total += 1;
    if (this.kept.size < MAX_DETAILS) this.kept.set(path, sentence);
  }

  /** Counts faults without sentences, because the cap is reached ({@link isFull}). */
  addUnworded(count: number): void {
    this.total += count;
  }

  /** Whether the cap is reached; further faults are only counted. */
  get isFull(): boolean {
    return this.kept.size >= MAX_DETAILS;
  }

  /** Returns the 400 with all faults, capped. */
  toError(): ApiError {
    return new ApiError(400, cappedDetails([...this.kept], this.total));
  }

  /** Throws {@link toError} if any fault was added. */
  throwIfAny(): void {
    if (this.total > 0) throw this.toError();
  }
}
