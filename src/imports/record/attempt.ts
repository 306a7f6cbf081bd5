import { NO_HOST } from '../hosts/no-host.js';
import type { Failure, HostSign } from '../failure.js';
import type { HostSigns } from '../hosts/host-signs.js';
import type { ClaimedItem, ItemResult, ItemWorker, PlannedOutcome } from '../import-kind.js';
import type { ItemOutcome, PlannedItem } from '../item/item.repository.js';
import { backoffMs } from './retry-policy.js';

/** A finished attempt at an item, to be recorded. */
export type Attempt = {
  item: ClaimedItem;
  durationMs: number;
} & ({ worker: ItemWorker; outcome: object } | PlannedOutcome | { failure: Failure });

/** Groups what a batch of attempts says about hosts, by host. */
export function hostSigns(attempts: readonly Attempt[]): Map<string, HostSigns> {
  const signs = new Map<string, HostSigns>();
  for (const attempt of attempts) {
    const sign = hostSign(attempt);
    const { id, originHost } = attempt.item;
    if (sign === undefined || originHost === NO_HOST) continue;
    const ofHost = signs.get(originHost) ?? { up: false, failures: [] };
    signs.set(originHost, ofHost);
    if (sign === 'answered') ofHost.up = true;
    else {
      const retryAfterMs = 'failure' in attempt ? attempt.failure.retryAfterMs : undefined;
      ofHost.failures.push({ itemId: id, sign, tookMs: attempt.durationMs, retryAfterMs });
    }
  }
  return signs;
}

function hostSign(attempt: Attempt): HostSign | undefined {
  if ('failure' in attempt) return attempt.failure.host;
  if ('prediction' in attempt) return attempt.heardHost ? 'answered' : undefined;
  return attempt.worker.heardHost(attempt.outcome) ? 'answered' : undefined;
}

export function outcomeOfResult({ item }: Attempt, { state, reason, result }: ItemResult): ItemOutcome {
  const none = { code: null, retryable: null, httpStatus: null, backoffMs: 0 };
  return { id: item.id, state, reason: reason ?? null, result, counts: true, ...none };
}

/** @param options.hostFailed whether the host alone is at fault: the item is retried when its throttle allows it */
export function outcomeOfFailure(
  { id, tries }: ClaimedItem,
  failure: Failure,
  options: { hostFailed: boolean; schedule: readonly number[] },
): ItemOutcome {
  const { code, reason, retryable, httpStatus = null } = failure;
  const outcome = { id, code, reason, retryable, httpStatus, result: null };
  if (options.hostFailed) return { ...outcome, state: 'pending', counts: false, backoffMs: 0 };
  const backoff = backoffMs(failure, tries + 1, options.schedule);
  return {
    ...outcome,
    state: backoff === null ? 'failed' : 'pending',
    counts: true,
    backoffMs: backoff ?? 0,
  };
}

/** A failure of an attempt of a plan is what it predicts; nothing is retried. */
export function plannedItem(attempt: Attempt): PlannedItem {
  const { id } = attempt.item;
  if ('prediction' in attempt) return { id, prediction: attempt.prediction };
  if (!('failure' in attempt)) throw new Error(`Item ${id} was processed instead of planned`);
  const { code, reason, retryable } = attempt.failure;
  return { id, prediction: { action: 'fail', code, reason, retryable } };
}
