/** What the outcome of a retry is read from. */
interface Standing {
  finishedAt: string | null;
  progress: { failed: number };
}

export interface RetryOutcome {
  succeeded: number;
  failed: number;
}

/**
 * How a retry ended: the other failed items of the import stay as they are.
 *
 * @param count retried items
 * @returns undefined while they run
 */
export function outcomeOf(count: number, before: Standing, after: Standing): RetryOutcome | undefined {
  if (after.finishedAt === null || after.finishedAt === before.finishedAt) return undefined;
  const untouched = before.progress.failed - count;
  const failed = Math.min(count, Math.max(0, after.progress.failed - untouched));
  return { succeeded: count - failed, failed };
}
