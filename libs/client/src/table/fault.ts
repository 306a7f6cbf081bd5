type Value = string | number;

/** Nobody knows where the next record begins. */
const UNREAD = '; the lines after it were not read';

const SENTENCES = {
  empty: () => 'Must not be empty',
  nul: () => 'Must not contain U+0000',
  long: (max: Value, length: Value) => `Must have at most ${max} characters, not ${length}`,
  titleEmpty: () => 'The title must not be empty',
  titleNul: () => 'The title must not contain U+0000',
  titleLong: (max: Value, length: Value) => `The title must have at most ${max} characters, not ${length}`,
  scheme: () => 'Must start with http:// or https://',
  control: () => 'Must not contain control characters',
  incomplete: () => 'Must be a complete URL, such as https://example.com/file',
  credentials: () => 'Must not contain a user name or password',
  sha256: () => 'Must be a SHA-256 of 64 hexadecimal digits',
  size: () => 'Must be the size in bytes, an integer from 1',
  noMetadata: () => 'Must be an object',
  largeMetadata: () => 'The metadata exceeds 64 KiB',
  duplicate: (line: Value) => `Duplicates the id of line ${line}`,
  twice: (name: Value) => `Column "${name}" appears twice in the header`,
  fields: (count: Value, wanted: Value) => `Has ${count} fields instead of ${wanted}`,
  noObject: () => 'Must be an object',
  noJson: () => 'Must be valid JSON',
  quote: () => `Contains a quote: the whole field must be quoted, and its quotes doubled${UNREAD}`,
  quoteEnd: () =>
    `Begins with a quote, but does not end with one; a quote within a field must be doubled${UNREAD}`,
  quoteOpen: () => `Begins with a quote that is never closed${UNREAD}`,
  /** In the words of the parser. */
  unreadable: (message: Value) => String(message),
} satisfies Record<string, (...values: Value[]) => string>;

export type FaultCode = keyof typeof SENTENCES;

export interface Problem {
  readonly code: FaultCode;
  /** What the sentence says of this case, in its order, for translations. */
  readonly values: readonly Value[];
  readonly sentence: string;
}

/** A place in the input that cannot be used. */
export interface Fault extends Problem {
  readonly line: number;
  /** Column from 1 in CSV; undefined if the whole line is at fault. */
  readonly column?: number | undefined;
  /** Name of the column. */
  readonly field?: string | undefined;
}

/** @param values in the order of the sentence */
export function problem(code: FaultCode, ...values: Value[]): Problem {
  const sentenceOf: (...values: Value[]) => string = SENTENCES[code];
  return { code, values, sentence: sentenceOf(...values) };
}
