/**
 * Counts Unicode code points, as JSON Schema and PostgreSQL do; an emoji counts as one, although its JavaScript length
 * is two.
 */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether a string has at most `max` characters; counts them only if its JavaScript length is inconclusive. */
export function hasAtMost(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && countCharacters(text) <= max);
}

/** Whether a string has at least `min` characters. */
export function hasAtLeast(text: string, min: number): boolean {
  return text.length >= 2 * min || countCharacters(text) >= min;
}

/** With the flag u a pair is one character of another category, so this matches only unpaired halves. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * PostgreSQL stores neither U+0000 nor unpaired surrogates in text and jsonb. See
 * https://www.postgresql.org/docs/current/datatype-json.html
 *
 * @returns a sentence, or undefined if the text can be stored
 */
export function storableFault(text: string): string | undefined {
  if (text.includes('\0')) return 'Must not contain the character U+0000';
  if (LONE_SURROGATE.test(text)) return 'Must be well-formed Unicode without unpaired surrogates';
  return undefined;
}
