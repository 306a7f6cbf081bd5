import { jittered } from '../../process/jitter.js';

/** A failed attempt that says something about the host. */
export interface HostFailure {
  itemId: string;
  sign: 'busy' | 'unreachable';
  /** How long the attempt took, in milliseconds. */
  tookMs: number;
  /** The host's `Retry-After`, in milliseconds. */
  retryAfterMs?: number | undefined;
}

/** What a batch of attempts says about one host. */
export interface HostSigns {
  /** Whether it answered at least one attempt. */
  up: boolean;
  failures: HostFailure[];
}

/** Stored state of a host; times in milliseconds before now. */
export interface HostRecord {
  share: number;
  failures: number;
  failingForMs: number | null;
  notedAgoMs: number;
  lastItemId: string | null;
}

/** New state of a host; times in milliseconds from now. */
export interface HostChange {
  share: number;
  failures: number;
  failingForMs: number | null;
  /** How long its circuit stays open after failures. */
  blockedForMs: number | null;
  /** The `Retry-After` of the host; null if it sent none, which does not revoke an earlier one. */
  askedForMs: number | null;
  lastItemId: string | null;
}

export interface HostPolicy {
  /** Maximum in-flight items per host. */
  maxConcurrency: number;
  /** How long the circuit stays open after each failure in a row, in milliseconds; the last value repeats. */
  schedule: readonly number[];
  /** 0 to 1. */
  random?: () => number;
}

export interface HostVerdict {
  /** Null if nothing changes. */
  change: HostChange | null;
  /** Whether the host alone caused the item's failed attempt, so that the attempt does not count. */
  hostFailed(itemId: string): boolean;
}

/** In-flight limit of a host that has not answered yet, or that has just recovered. */
export const FIRST_SHARE = 4;
const JITTER = 0.2;
/** Longest `Retry-After` that is honoured. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Updates the throttle of a host from a batch of attempts.
 *
 * The in-flight limit doubles with every batch that the host answers (as in TCP slow start) and is halved if the host
 * is too busy for some attempts. If the host answers none, its circuit opens for increasing intervals; half-open, it
 * gets one item at a time. Attempts at an unreachable host do not count once two different items have failed: a single
 * item may have a wrong address.
 */
export function judgeHost(record: HostRecord | undefined, signs: HostSigns, policy: HostPolicy): HostVerdict {
  if (signs.failures.length === 0)
    return { change: afterAnswers(record, policy.maxConcurrency), hostFailed: () => false };
  if (signs.up)
    return { change: afterBoth(record, signs.failures, policy.maxConcurrency), hostFailed: () => false };
  const witnesses = new Set(signs.failures.map(({ itemId }) => itemId));
  if (record !== undefined && record.failures > 0 && record.lastItemId !== null)
    witnesses.add(record.lastItemId);
  const unreachable = new Set(
    signs.failures.flatMap(({ itemId, sign }) => (sign === 'unreachable' ? [itemId] : [])),
  );
  return {
    change: afterFailures(record, signs.failures, policy),
    hostFailed: (itemId) => witnesses.size > 1 && unreachable.has(itemId),
  };
}

function afterAnswers(record: HostRecord | undefined, maxConcurrency: number): HostChange | null {
  if (record === undefined) return healthy(Math.min(maxConcurrency, 2 * FIRST_SHARE));
  if (record.failures > 0) return healthy(Math.min(maxConcurrency, FIRST_SHARE));
  // The operator may have changed the maximum.
  const share = Math.min(maxConcurrency, 2 * record.share);
  return share === record.share ? null : healthy(share);
}

function afterBoth(
  record: HostRecord | undefined,
  failures: readonly HostFailure[],
  maxConcurrency: number,
): HostChange {
  const before = record === undefined || record.failures > 0 ? FIRST_SHARE : record.share;
  const share = Math.max(1, Math.min(maxConcurrency, Math.floor(before / 2)));
  return { ...healthy(share), askedForMs: longestRetryAfter(failures) };
}

function afterFailures(
  record: HostRecord | undefined,
  failures: readonly HostFailure[],
  { schedule, random = Math.random }: HostPolicy,
): HostChange | null {
  const failedBefore = record?.failures ?? 0;
  // Attempts that began before the last update are not new: a burst that fails together is one failure of the host.
  const isNews = record === undefined || failures.some(({ tookMs }) => tookMs < record.notedAgoMs);
  const asked = longestRetryAfter(failures);
  if (failedBefore > 0 && !isNews && asked === null) return null;
  const count = failedBefore === 0 || isNews ? failedBefore + 1 : failedBefore;
  const pause = schedule[Math.min(count, schedule.length) - 1] ?? 0;
  return {
    share: 1,
    failures: count,
    failingForMs: record?.failingForMs ?? Math.max(...failures.map(({ tookMs }) => tookMs)),
    blockedForMs: Math.round(jittered(pause, JITTER, random)),
    askedForMs: asked,
    lastItemId: failures.at(-1)?.itemId ?? null,
  };
}

function healthy(share: number): HostChange {
  return { share, failures: 0, failingForMs: null, blockedForMs: null, askedForMs: null, lastItemId: null };
}

function longestRetryAfter(failures: readonly HostFailure[]): number | null {
  const asked = failures.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]));
  return asked.length === 0 ? null : Math.min(Math.max(...asked), LONGEST_RETRY_AFTER_MS);
}
