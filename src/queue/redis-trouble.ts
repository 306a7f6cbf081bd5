/** Why Redis accepts no jobs. A closed list: health check and metrics report these reasons. */
export const REDIS_TROUBLES = [
  /** Unreachable or not responding. */
  'redis',
  /** A replica, or a primary without the replicas that it requires. */
  'redis_read_only',
  /** Out of memory. */
  'redis_memory',
  /** Cannot save to its disk. */
  'redis_disk',
  /** Refuses for another reason, such as its access control list. */
  'redis_refused',
] as const;

export type RedisTrouble = (typeof REDIS_TROUBLES)[number];

/**
 * Error prefixes by reason; a script error may contain the prefix in its own message.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const REFUSALS: ReadonlyArray<readonly [RegExp, RedisTrouble]> = [
  [/\b(READONLY|MASTERDOWN|NOREPLICAS)\b/, 'redis_read_only'],
  [/\bOOM\b/, 'redis_memory'],
  [/\bMISCONF\b/, 'redis_disk'],
  // Redis is starting, or busy with a script.
  [/\b(LOADING|BUSY)\b/, 'redis'],
];

/** Classifies an error of Redis. */
export function redisTrouble(error: unknown): RedisTrouble {
  if (!isReply(error)) return 'redis';
  const errors = [error, ...previousErrorsOf(error)];
  const refusal = REFUSALS.find(([words]) => errors.some(({ message }) => words.test(message)));
  return refusal?.[1] ?? 'redis_refused';
}

/** Whether Redis replied with an error, rather than not at all. */
export function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Errors of the commands of a transaction, which the error of the transaction does not include. */
function previousErrorsOf(error: Error): Error[] {
  const previous: unknown = 'previousErrors' in error ? error.previousErrors : [];
  return Array.isArray(previous) ? previous.filter((one) => one instanceof Error) : [];
}
