/** Lies that the head of an answer gives away where a part was asked for: the file is then asked for at once, whole. */
export const PLAIN_TO_SEE = [
  'another length',
  'another first byte',
  'an earlier first byte',
  'part of the rest',
  'no total',
  'no range',
  'whole file as a part',
  'rest as a whole file',
  'several parts',
  'no validators',
  'part without its tag',
  'part without its date',
  'tag of the first version',
  'date of the first version',
] as const;

/** Lies that cost an attempt: the body gives them away, or the file was asked for whole. */
export const PASSING = [
  'shorter body',
  'longer body',
  'whole file as the rest',
  'whole file as the rest, in chunks',
  'whole file as a part, cut',
  'part that nobody asked for',
] as const;

/** Lies after which an item may fail for good, or that are held against a later answer. */
export const LASTING = [
  'another total',
  'rest as a whole file, without a range',
  'declared too short',
  'declared too long',
  'compressed',
] as const;

/** Answers of servers that stumble over a condition or a range, and answer a plain request. */
export const REFUSALS = [304, 400, 403, 412, 416, 501].map((status) => ({ refuses: status }));

/** What HTTP cannot see through is left out: other bytes behind the right validators, ranges and lengths. */
export type Lie =
  | (typeof PLAIN_TO_SEE)[number]
  | (typeof PASSING)[number]
  | (typeof LASTING)[number]
  | { refuses: number }
  | { status: number };

export function isPlainToSee(lie: Lie | null): boolean {
  if (lie === null || typeof lie === 'object') return lie === null || 'refuses' in lie;
  return PLAIN_TO_SEE.some((plain) => plain === lie);
}
