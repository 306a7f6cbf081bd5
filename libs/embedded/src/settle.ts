/** Waits for all promises before it throws the first failure, so that none of them runs on unnoticed. */
export async function settle(work: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
  }
}
