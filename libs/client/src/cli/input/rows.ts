import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parser } from 'stream-json';
import { pick } from 'stream-json/filters/pick.js';
import { streamArray } from 'stream-json/streamers/stream-array.js';
import { chain } from 'stream-chain';
import type { Detected } from './format.js';
import type { Source } from './source.js';

/** An entry of the input. */
export interface Row {
  /** Line of the input on which it begins, from 1; for JSON the position of the entry. */
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A place in the input that cannot be read. */
export interface Fault {
  readonly line: number;
  /** Column from 1 in CSV; undefined if the whole line is at fault. */
  readonly column?: number | undefined;
  /** Name of the column. */
  readonly field?: string | undefined;
  readonly sentence: string;
}

export type RowOrFault = { readonly row: Row } | { readonly fault: Fault };

/** Reads an input from its beginning, in constant memory. */
export function readRows(source: Source, detected: Detected): AsyncIterable<RowOrFault> {
  if (detected.format === 'json') return readJson(source);
  if (detected.format === 'jsonl') return readJsonLines(source.text());
  return readCsv(source.text(), detected.delimiter);
}

/** Names of the columns; for JSON those of the first entry. */
export async function columnsOf(source: Source, detected: Detected): Promise<string[]> {
  for await (const entry of readRows(source, detected)) {
    if ('row' in entry) return Object.keys(entry.row.values);
  }
  return [];
}

async function* readCsv(text: Readable, delimiter: string): AsyncGenerator<RowOrFault> {
  const records = text.pipe(
    parse({ delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: false }),
  );
  text.on('error', (error) => records.destroy(error));
  let columns: string[] | undefined;
  let end = 0;
  try {
    for await (const { record, info } of records as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      const line = info.lines - lineBreaksIn(record);
      end = info.lines;
      if (columns === undefined) {
        columns = record.map((name) => name.trim());
        const repeated = columns.find((name, index) => columns?.indexOf(name) !== index);
        if (repeated !== undefined) {
          yield { fault: { line, sentence: `Column "${repeated}" appears twice in the header` } };
          return;
        }
        continue;
      }
      if (record.length !== columns.length) {
        const sentence = `Has ${record.length} fields instead of ${columns.length}`;
        yield { fault: { line, sentence } };
        continue;
      }
      const values = Object.fromEntries(columns.map((name, index) => [name, record[index]]));
      yield { row: { line, values } };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : end + 1;
    yield { fault: { line, sentence: error.message } };
  }
}

/** Blank lines between records are counted, too, so that the first line follows from the last one. */
function lineBreaksIn(record: readonly string[]): number {
  return record.reduce((count, field) => count + (field.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

async function* readJsonLines(text: Readable): AsyncGenerator<RowOrFault> {
  let line = 0;
  for await (const content of createInterface({ input: text, crlfDelay: Infinity })) {
    line += 1;
    if (content.trim() === '') continue;
    yield toEntry(line, () => JSON.parse(content));
  }
}

/** An array of entries, or an object with one such array, as in the body of a batch. */
async function* readJson(source: Source): AsyncGenerator<RowOrFault> {
  const first = await firstCharacter(source.text());
  const text = source.text();
  const entries: Readable =
    first === '['
      ? chain([text, parser(), streamArray()])
      : chain([text, parser(), pick({ filter: isTopArray, once: true }), streamArray()]);
  let line = 0;
  try {
    for await (const { value } of entries as AsyncIterable<{ value: unknown }>) {
      line += 1;
      yield toEntry(line, () => value);
    }
  } catch (error) {
    yield { fault: { line: line + 1, sentence: error instanceof Error ? error.message : String(error) } };
  }
}

/** The first array directly in the object. */
function isTopArray(path: readonly unknown[], { name }: { name?: string }): boolean {
  return path.length === 1 && name === 'startArray';
}

async function firstCharacter(text: Readable): Promise<string> {
  for await (const chunk of text as AsyncIterable<string>) {
    const [character] = chunk.trimStart();
    if (character !== undefined) return character;
  }
  return '';
}

function toEntry(line: number, read: () => unknown): RowOrFault {
  try {
    const value = read();
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { row: { line, values: Object.fromEntries(Object.entries(value)) } };
    }
    return { fault: { line, sentence: 'Must be an object' } };
  } catch {
    return { fault: { line, sentence: 'Must be valid JSON' } };
  }
}
