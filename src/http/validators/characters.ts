/**
 * The length of a string in Unicode code points, which is how JSON Schema and PostgreSQL count characters; a smile
 * is one of them, although JavaScript counts two.
 */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether a string has at most so many characters; counts only where its JavaScript length leaves a doubt. */
export function hasAtMost(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && countCharacters(text) <= max);
}

/** Whether a string has at least so many characters. */
export function hasAtLeast(text: string, min: number): boolean {
  return text.length >= 2 * min || countCharacters(text) >= min;
}

/** With the flag u, a pair is one character of another category: this finds halves only. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * PostgreSQL stores neither U+0000 nor half of a surrogate pair in text and jsonb.
 * See https://www.postgresql.org/docs/current/datatype-json.html
 *
 * @returns what would be right, or undefined for text that can be stored
 */
export function storableFault(text: string): string | undefined {
  if (text.includes('\0')) return 'This must not contain the character U+0000';
  if (LONE_SURROGATE.test(text)) return 'This must be well-formed Unicode, without half of a surrogate pair';
  return undefined;
}
