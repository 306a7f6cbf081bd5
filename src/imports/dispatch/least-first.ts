import TinyQueue from 'tinyqueue';

interface Entry<T> {
  value: T;
  count: number;
  order: number;
}

/** A min-heap by count; equal values keep their original order. */
export class LeastFirst<T> {
  private readonly entries: TinyQueue<Entry<T>>;

  /** @param countOf counts must not decrease while the heap is in use */
  constructor(
    values: readonly T[],
    private readonly countOf: (value: T) => number,
  ) {
    this.entries = new TinyQueue(
      values.map((value, order) => ({ value, order, count: countOf(value) })),
      (a, b) => a.count - b.count || a.order - b.order,
    );
  }

  /** The value with the lowest count, after values whose count has grown are moved down. */
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
