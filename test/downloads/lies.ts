/** Lies that the headers of an answer to a range request reveal. The client then requests the whole file at once. */
export const DETECTABLE = [
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

/** Lies that cost an attempt: the body reveals them, or the whole file was requested. */
export const TRANSIENT = [
  'shorter body',
  'longer body',
  'whole file as the rest',
  'whole file as the rest, in chunks',
  'whole file as a part, cut',
  'unrequested part',
] as const;

/** Lies that may cause a permanent failure or contradict a later answer. */
export const PERMANENT = [
  'another total',
  'rest as a whole file, without a range',
  'declared too short',
  'declared too long',
  'compressed',
] as const;

/** Servers that fail on a condition or a range, and answer a plain request. */
export const REFUSALS = [304, 400, 403, 412, 416, 501].map((status) => ({ refuses: status }));

/** Lies that HTTP cannot reveal are excluded: wrong bytes with correct validators, ranges and lengths. */
export type Lie =
  | (typeof DETECTABLE)[number]
  | (typeof TRANSIENT)[number]
  | (typeof PERMANENT)[number]
  | { refuses: number }
  | { status: number };

export function isDetectable(lie: Lie | null): boolean {
  if (lie === null || typeof lie === 'object') return lie === null || 'refuses' in lie;
  return DETECTABLE.some((plain) => plain === lie);
}
