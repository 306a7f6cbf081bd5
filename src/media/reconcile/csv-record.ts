/** A field of a record. */
export interface CsvField {
  readonly text: string;
  /** Offset of the field in the record, in characters. */
  readonly at: number;
}

export type CsvRecord =
  | { readonly fields: readonly CsvField[] }
  /** A quoted field has no closing quote. */
  | { readonly unclosedAt: number }
  | { readonly faultAt: number; readonly sentence: string };

const QUOTE = '"';

/**
 * Splits a record into fields (RFC 4180). Our own reader, because a faulty quote must not cost more than its line:
 * csv-parse takes the following lines for the rest of the field and drops them.
 */
export function readRecord(record: string, delimiter: string): CsvRecord {
  if (!record.includes(QUOTE)) return { fields: plainFields(record, delimiter) };
  const fields: CsvField[] = [];
  for (let at = 0; ;) {
    const field = record.startsWith(QUOTE, at) ? quoted(record, at) : bare(record, at, delimiter);
    if (!('end' in field)) return field;
    fields.push({ text: field.text, at });
    if (field.end === record.length) return { fields };
    if (!record.startsWith(delimiter, field.end)) {
      return { faultAt: field.end, sentence: 'A closing quote must be followed by the delimiter' };
    }
    at = field.end + delimiter.length;
  }
}

function plainFields(record: string, delimiter: string): CsvField[] {
  let at = 0;
  return record.split(delimiter).map((text) => {
    const field = { text, at };
    at += text.length + delimiter.length;
    return field;
  });
}

type Read = { text: string; end: number };

function quoted(record: string, at: number): Read | CsvRecord {
  for (let from = at + 1; ;) {
    const quote = record.indexOf(QUOTE, from);
    if (quote < 0) return { unclosedAt: at };
    if (record[quote + 1] !== QUOTE) {
      return { text: record.slice(at + 1, quote).replaceAll('""', QUOTE), end: quote + 1 };
    }
    from = quote + 2;
  }
}

function bare(record: string, at: number, delimiter: string): Read | CsvRecord {
  const next = record.indexOf(delimiter, at);
  const end = next < 0 ? record.length : next;
  const quote = record.slice(at, end).indexOf(QUOTE);
  if (quote < 0) return { text: record.slice(at, end), end };
  return { faultAt: at + quote, sentence: 'A field with a quote must be quoted, and its quotes doubled' };
}
