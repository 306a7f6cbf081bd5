import { CsvError, parse } from 'csv-parse';
import { problem } from './fault.js';
import type { RowOrFault } from './row.js';

interface CsvRecord {
  readonly fields: readonly string[];
  /** Line on which it ends. */
  readonly end: number;
}

export async function* readCsv(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<RowOrFault> {
  let columns: string[] | undefined;
  let last = 0;
  try {
    for await (const { fields, end } of recordsOf(text, delimiter)) {
      // Blank lines between records are counted, too, so that the first line follows from the last one.
      const line = end - breaksIn(fields, /\r\n|\n|\r/g);
      last = end;
      if (columns === undefined) {
        columns = fields.map((name) => name.trim());
        const repeated = columns.find((name, index) => columns?.indexOf(name) !== index);
        if (repeated === undefined) continue;
        yield { fault: { line, ...problem('twice', repeated) } };
        return;
      }
      if (fields.length !== columns.length) {
        yield { fault: { line, ...problem('fields', fields.length, columns.length) } };
        continue;
      }
      const values = Object.fromEntries(columns.map((name, index) => [name, fields[index]]));
      yield { row: { line, values } };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : last + 1;
    yield { fault: { line, ...problem('unreadable', error.message) } };
  }
}

/**
 * Records of a text. The parser hands them over while it reads a chunk, and its stream stays empty, so that browsers do
 * with it what Node does.
 *
 * @throws CsvError
 */
async function* recordsOf(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<CsvRecord> {
  const records: CsvRecord[] = [];
  // The parser counts a CRLF within quotes as two lines.
  let excess = 0;
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: false,
    on_record: (fields: string[], { lines }) => {
      excess += breaksIn(fields, /\r\n/g);
      records.push({ fields, end: lines - excess });
      return null;
    },
  });
  let failure: Error | null | undefined;
  let failed: (() => void) | undefined;
  parser.on('error', (error) => {
    failure = error;
    failed?.();
  });
  // A stream reports an error to the callback or by the event, or both.
  const done = (call: (callback: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve) => {
      failed = resolve;
      call((error) => {
        failure ??= error;
        resolve();
      });
    });
  for await (const chunk of text) {
    await done((callback) => parser.write(chunk, callback));
    yield* records.splice(0);
    if (failure) throw failure;
  }
  await done((callback) => parser.end(callback));
  yield* records.splice(0);
  if (failure) throw failure;
}

function breaksIn(record: readonly string[], kind: RegExp): number {
  return record.reduce((count, field) => count + (field.match(kind)?.length ?? 0), 0);
}
