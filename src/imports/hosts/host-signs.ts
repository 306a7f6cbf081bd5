/** One failure that tells of the host. */
export interface HostFailure {
  itemId: string;
  sign: 'busy' | 'unreachable';
  /** How long the attempt took, in milliseconds. */
  tookMs: number;
  /** The host's `Retry-After`, in milliseconds. */
  retryAfterMs?: number | undefined;
}

/** What the results of one batch tell of one host. */
export interface HostSigns {
  /** Whether it answered any of them. */
  up: boolean;
  failures: HostFailure[];
}

/** What was known of a host; times in milliseconds before now. */
export interface HostRecord {
  share: number;
  failures: number;
  failingForMs: number | null;
  notedAgoMs: number;
  lastItemId: string | null;
}

/** What is known from now on; times in milliseconds from now. */
export interface HostChange {
  share: number;
  failures: number;
  failingForMs: number | null;
  /** How long it is left alone, as we see fit. */
  blockedForMs: number | null;
  /** How long it has asked to be left alone; null where it has not, which takes back nothing that it asked before. */
  askedForMs: number | null;
  lastItemId: string | null;
}

export interface HostPolicy {
  /** Items that a host may have under way at most. */
  most: number;
  /** Waiting times before a failing host is tried again, in milliseconds; the last one repeats. */
  schedule: readonly number[];
  /** 0 to 1. */
  random?: () => number;
}

export interface HostVerdict {
  /** Null where nothing changes. */
  change: HostChange | null;
  /** Whether a failed attempt is the fault of the host alone, so that it is no try of the item. */
  spares(itemId: string): boolean;
}

/** Items that a host may have under way before it has answered one, and after it has come back. */
export const FIRST_SHARE = 4;
const JITTER = 0.2;
/** What a host may ask for at most. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * What follows from signs of a host.
 *
 * Its share grows while it answers (doubled with every batch of results, as TCP does in slow start) and is halved where
 * it is too busy for some. A host that answers nothing is left alone ever longer, and then asked for one item at a time.
 * Where it cannot be reached, that is no try of an item, once more than one has seen it: a single one may have a wrong
 * address.
 */
export function judgeHost(record: HostRecord | undefined, signs: HostSigns, policy: HostPolicy): HostVerdict {
  if (signs.failures.length === 0) return { change: afterAnswers(record, policy.most), spares: () => false };
  if (signs.up) return { change: afterBoth(record, signs.failures, policy.most), spares: () => false };
  const witnesses = new Set(signs.failures.map(({ itemId }) => itemId));
  if (record !== undefined && record.failures > 0 && record.lastItemId !== null)
    witnesses.add(record.lastItemId);
  const unreachable = new Set(
    signs.failures.flatMap(({ itemId, sign }) => (sign === 'unreachable' ? [itemId] : [])),
  );
  return {
    change: afterFailures(record, signs.failures, policy),
    spares: (itemId) => witnesses.size > 1 && unreachable.has(itemId),
  };
}

function afterAnswers(record: HostRecord | undefined, most: number): HostChange | null {
  if (record === undefined) return healthy(Math.min(most, 2 * FIRST_SHARE));
  if (record.failures > 0) return healthy(Math.min(most, FIRST_SHARE));
  // The operator may have changed what is allowed at most.
  const share = Math.min(most, 2 * record.share);
  return share === record.share ? null : healthy(share);
}

function afterBoth(
  record: HostRecord | undefined,
  failures: readonly HostFailure[],
  most: number,
): HostChange {
  const before = record === undefined || record.failures > 0 ? FIRST_SHARE : record.share;
  const share = Math.max(1, Math.min(most, Math.floor(before / 2)));
  return { ...healthy(share), askedForMs: longestRetryAfter(failures) };
}

function afterFailures(
  record: HostRecord | undefined,
  failures: readonly HostFailure[],
  { schedule, random = Math.random }: HostPolicy,
): HostChange | null {
  const failedBefore = record?.failures ?? 0;
  // What began before the last note tells nothing new: a burst that fails together is one failure of the host.
  const isNews = record === undefined || failures.some(({ tookMs }) => tookMs < record.notedAgoMs);
  const asked = longestRetryAfter(failures);
  if (failedBefore > 0 && !isNews && asked === null) return null;
  const count = failedBefore === 0 || isNews ? failedBefore + 1 : failedBefore;
  const pause = schedule[Math.min(count, schedule.length) - 1] ?? 0;
  const jittered = Math.round(pause * (1 - JITTER + 2 * JITTER * random()));
  return {
    share: 1,
    failures: count,
    failingForMs: record?.failingForMs ?? Math.max(...failures.map(({ tookMs }) => tookMs)),
    blockedForMs: jittered,
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
