/** Waits for all promises, then throws the first failure: nothing continues after the caller is told. */
export async function settle(work: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
  }
}
