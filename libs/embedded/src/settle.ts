/** Waits for all of them, then fails with the first failure: nothing goes on behind the caller's back. */
export async function settle(work: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
  }
}
