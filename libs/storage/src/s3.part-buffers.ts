const SMALL = 1024 * 1024;

/**
 * Lends the memory that parts of files are read into. The number of large loans at one time is bounded over all
 * uploads together, so memory does not grow with the number of files or their sizes; who comes when all are lent
 * waits for a turn. Memory that comes back is lent again: fresh buffers of this size outlive their use until the
 * next garbage collection, which nothing hurries because they lie outside the heap.
 */
export class PartBuffers {
  private readonly free: Buffer[] = [];
  private readonly waiting: (() => void)[] = [];
  private lent = 0;

  constructor(private readonly most: number) {}

  /** Runs `use` with a buffer of exactly this many bytes, which must not be kept afterwards. */
  async lend<T>(size: number, use: (buffer: Buffer) => Promise<T>): Promise<T> {
    if (size <= SMALL) return use(Buffer.allocUnsafeSlow(size));
    if (this.lent < this.most) this.lent++;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    const last = this.free.pop();
    const buffer = last && last.length >= size ? last : Buffer.allocUnsafeSlow(size);
    try {
      return await use(buffer.subarray(0, size));
    } finally {
      this.free.push(buffer);
      // The place goes from hand to hand, so that nobody who comes later can take it in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.lent--;
    }
  }
}
