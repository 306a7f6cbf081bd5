import TinyQueue from 'tinyqueue';

interface Entry<T> {
  value: T;
  count: number;
  order: number;
}

/** A heap from which the value with the lowest count comes first; among equals, the one that was listed first. */
export class LeastFirst<T> {
  private readonly entries: TinyQueue<Entry<T>>;

  /** @param countOf counts must not shrink while the heap is in use */
  constructor(
    values: readonly T[],
    private readonly countOf: (value: T) => number,
  ) {
    this.entries = new TinyQueue(
      values.map((value, order) => ({ value, order, count: countOf(value) })),
      (a, b) => a.count - b.count || a.order - b.order,
    );
  }

  /** The first value; one whose count has grown since it was put there goes back to where it belongs. */
  first(): T | undefined {
    for (;;) {
      const entry = this.entries.peek();
      if (entry === undefined) return undefined;
      const count = this.countOf(entry.value);
      if (count === entry.count) return entry.value;
      this.entries.pop();
      this.entries.push({ ...entry, count });
    }
  }

  dropFirst(): void {
    this.entries.pop();
  }
}
