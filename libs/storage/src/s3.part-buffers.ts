const SMALL = 1024 * 1024;

/**
 * Lends the buffers for parts of files. The number of large buffers in use is limited across all uploads, so memory
 * does not grow with the number or size of files; further callers wait. Returned buffers are reused: fresh buffers of
 * this size would stay until the next garbage collection, which off-heap memory does not trigger.
 */
export class PartBuffers {
  private readonly free: Buffer[] = [];
  private readonly waiting: (() => void)[] = [];
  private lent = 0;

  constructor(private readonly most: number) {}

  /** Runs `use` with a buffer of exactly `size` bytes, which must not be kept afterwards. */
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
      // Passes the place on directly, so that a later caller cannot take it in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.lent--;
    }
  }
}
