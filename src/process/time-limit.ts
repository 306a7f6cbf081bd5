/** An operation exceeded its time limit. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';

  /**
   * @param operation subject of the sentence
   * @param limitMs milliseconds
   */
  constructor(operation: string, limitMs: number) {
    super(`${operation} took longer than ${limitMs} ms`);
  }
}

/**
 * Waits for a promise, but no longer than the limit. The operation continues after that; its outcome is ignored.
 *
 * @param limitMs milliseconds
 * @throws TimeLimitError after the limit, or the rejection of the promise
 */
export async function withTimeLimit<T>(operation: string, limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(operation, limitMs)), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
