/** Why Redis takes no jobs. A closed list: these are reasons in the health check and in the metrics. */
export const REDIS_TROUBLES = [
  /** It cannot be reached, or does not answer. */
  'redis',
  /** It is a replica, or lacks the replicas that it wants. */
  'redis_read_only',
  /** It has no memory left. */
  'redis_memory',
  /** It cannot save to its disk. */
  'redis_disk',
  /** It refuses for another reason, such as its access control list. */
  'redis_refused',
] as const;

export type RedisTrouble = (typeof REDIS_TROUBLES)[number];

/**
 * By the first word of a refusal, which a script may carry inside its own words.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const REFUSALS: ReadonlyArray<readonly [RegExp, RedisTrouble]> = [
  [/\b(READONLY|MASTERDOWN|NOREPLICAS)\b/, 'redis_read_only'],
  [/\bOOM\b/, 'redis_memory'],
  [/\bMISCONF\b/, 'redis_disk'],
  // It starts, or is busy with somebody's script.
  [/\b(LOADING|BUSY)\b/, 'redis'],
];

/** What keeps Redis from doing what was asked, by the error that it gave. */
export function redisTrouble(error: unknown): RedisTrouble {
  if (!isReply(error)) return 'redis';
  const told = [error, ...errorsBefore(error)];
  const refusal = REFUSALS.find(([words]) => told.some(({ message }) => words.test(message)));
  return refusal?.[1] ?? 'redis_refused';
}

/** Whether Redis said no, rather than nothing at all. */
export function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Why the commands of a transaction were refused, which its own error does not say. */
function errorsBefore(error: Error): Error[] {
  const before: unknown = 'previousErrors' in error ? error.previousErrors : [];
  return Array.isArray(before) ? before.filter((one) => one instanceof Error) : [];
}
