/**
 * Milliseconds of work in one go. Where the processors have other things to do as well, a slice takes several times as
 * long by the clock, and garbage collection comes on top.
 */
const SLICE_MS = 2;

const waiting: Array<() => void> = [];

/**
 * Lets one waiting piece of work go on in each turn of the event loop, in the order of arrival: with an immediate of
 * its own for each of them, ten requests at once would hold the loop ten times as long.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(runOne);
  });
}

function runOne(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(runOne);
}

/**
 * Cuts long work into slices, between which the event loop runs.
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

  /** Whether this slice has used up its time. */
  get isOver(): boolean {
    return performance.now() - this.startedAt > SLICE_MS;
  }

  /** Lets everything else run, then begins the next slice. */
  async pause(): Promise<void> {
    await nextTurn();
    this.startedAt = performance.now();
  }
}
