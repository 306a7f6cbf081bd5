import type { Client } from '../../client.js';
import type { ImportSummary } from '../../imports.js';
import { pause } from '../../retrying.js';
import type { Counters, Progress } from './progress.js';

const INTERVAL_MS = 1_000;

/** Follows imports until all are finished. @returns their counters. @throws the reason of the signal */
export async function watchImports(
  client: Client,
  ids: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<Counters> {
  const summaries = new Map<string, ImportSummary>();
  for (;;) {
    for (const id of ids) {
      if (summaries.get(id)?.finishedAt != null) continue;
      summaries.set(id, await client.imports.get(id, signal));
      progress.show(sum([...summaries.values()]));
    }
    const counters = sum([...summaries.values()]);
    const isFinished = ids.every((id) => summaries.get(id)?.finishedAt != null);
    progress.show(counters, isFinished);
    if (isFinished) return counters;
    await pause(INTERVAL_MS, signal);
  }
}

function sum(summaries: readonly ImportSummary[]): Counters {
  const counters = { total: 0, success: 0, skipped: 0, failed: 0 };
  for (const { progress } of summaries) {
    counters.total += progress.total;
    counters.success += progress.success;
    counters.skipped += progress.skipped;
    counters.failed += progress.failed;
  }
  return counters;
}
