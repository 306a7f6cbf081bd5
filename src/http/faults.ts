import { ApiError } from './api-error.js';
import { cappedDetails, MAX_DETAILS } from './error-details.js';

/**
 * Collects everything that is wrong with a request, so that the client hears of all of it at once.
 * Keeps the first 100 and counts the rest, so that a large bad batch costs no memory.
 *
 * @example
 * const faults = new Faults();
 * faults.add('videos.3.id', 'This must differ from the one of videos.1');
 * faults.throwIfAny(); // 400 with both places
 */
export class Faults {
  private readonly kept = new Map<string, string>();
  private total = 0;

  /** How many were added, the ones beyond the cap included. */
  get count(): number {
    return this.total;
  }

  /**
   * @param path dotted path to the bad field, such as "videos.3.url"
   * @param sentence what would be right; never the value that is wrong. Where a path is added twice among the
   * kept ones, the first sentence stands and the second is not counted.
   */
  add(path: string, sentence: string): void {
    if (this.kept.has(path)) return;
    this.total += 1;
    if (this.kept.size < MAX_DETAILS) this.kept.set(path, sentence);
  }

  /** Counts faults that need not be worded, because {@link isFull}. */
  addUnworded(count: number): void {
    this.total += count;
  }

  /** Whether the cap is reached: further faults are counted only. */
  get isFull(): boolean {
    return this.kept.size >= MAX_DETAILS;
  }

  /** The 400 that names them, capped. */
  toError(): ApiError {
    return new ApiError(400, cappedDetails([...this.kept], this.total));
  }

  /** Throws {@link toError} if anything was added. */
  throwIfAny(): void {
    if (this.total > 0) throw this.toError();
  }
}
