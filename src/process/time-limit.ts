/** Something took longer than it may. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';

  /**
   * @param what the subject of the sentence
   * @param limitMs milliseconds
   */
  constructor(what: string, limitMs: number) {
    super(`${what} took longer than ${limitMs} ms`);
  }
}

/**
 * Waits for a promise, but no longer than the limit. What is waited for goes on; its outcome is then ignored.
 *
 * @param limitMs milliseconds
 * @throws TimeLimitError after the limit, or what the promise is rejected with
 */
export async function withTimeLimit<T>(what: string, limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(what, limitMs)), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
