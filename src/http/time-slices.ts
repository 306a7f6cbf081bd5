/**
 * Milliseconds of work per slice. On busy processors a slice takes several times as long by the clock, plus garbage
 * collection.
 */
const SLICE_MS = 2;

const queue: Array<() => void> = [];

/**
 * Resumes one waiting piece of work per turn of the event loop, in order of arrival. With one immediate for each, ten
 * concurrent requests would block the loop ten times as long.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    queue.push(resolve);
    if (queue.length === 1) setImmediate(runOne);
  });
}

function runOne(): void {
  queue.shift()?.();
  if (queue.length > 0) setImmediate(runOne);
}

/**
 * Splits long work into slices, between which the event loop runs.
 *
 * @example
 * const slices = new TimeSlices();
 * for (const item of items) {
 *   check(item);
 *   if (slices.isOver) await slices.pause();
 * }
 */
export class TimeSlices {
  private startedAt = performance.now();

  /** Whether the current slice has used up its time. */
  get isOver(): boolean {
    return performance.now() - this.startedAt > SLICE_MS;
  }

  /** Yields to the event loop, then starts the next slice. */
  async pause(): Promise<void> {
    await nextTurn();
    this.startedAt = performance.now();
  }
}
