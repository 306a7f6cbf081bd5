import type { ItemEnding } from '../endings/endings.repository.js';
import type { Failure, HostSign } from '../failure.js';
import type { HostSigns } from '../hosts/host-signs.js';
import type { ClaimedItem, ItemResult, ItemWorker } from '../import-kind.js';
import { retryDelay } from './retry-policy.js';

/** What became of one try, to be written down. */
export type Report = {
  item: ClaimedItem;
  /** How long the try took, in milliseconds. */
  tookMs: number;
} & ({ worker: ItemWorker; outcome: object } | { failure: Failure });

/** What a batch of reports tells of the hosts behind it. */
export function hostSigns(reports: readonly Report[]): Map<string, HostSigns> {
  const signs = new Map<string, HostSigns>();
  for (const report of reports) {
    const heard = heardFrom(report);
    if (heard === undefined) continue;
    const { originHost } = report.item;
    const sign = signs.get(originHost) ?? { up: false, failures: [] };
    signs.set(originHost, sign);
    if (heard === 'answered') sign.up = true;
    else {
      const retryAfterMs = 'failure' in report ? report.failure.retryAfterMs : undefined;
      sign.failures.push({ itemId: report.item.id, sign: heard, tookMs: report.tookMs, retryAfterMs });
    }
  }
  return signs;
}

function heardFrom(report: Report): HostSign | undefined {
  if ('failure' in report) return report.failure.host;
  return report.worker.heardHost(report.outcome) ? 'answered' : undefined;
}

/** The end of an item that was done. */
export function endingOfResult({ item }: Report, { state, reason, result }: ItemResult): ItemEnding {
  const none = { code: null, retryable: null, dueInMs: 0 };
  return { id: item.id, state, reason: reason ?? null, result, counts: true, ...none };
}

/** The end of an item that failed, or its return among those that wait. */
export function endingOfFailure(
  { id, tries }: ClaimedItem,
  failure: Failure,
  { spared, schedule }: { spared: boolean; schedule: readonly number[] },
): ItemEnding {
  const { code, reason, retryable } = failure;
  const ending = { id, code, reason, retryable, result: null };
  // How long it waits is the host's affair then.
  if (spared) return { ...ending, state: 'pending', counts: false, dueInMs: 0 };
  const delay = retryDelay(failure, tries + 1, schedule);
  return { ...ending, state: delay === null ? 'failed' : 'pending', counts: true, dueInMs: delay ?? 0 };
}
