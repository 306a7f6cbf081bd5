import { CsvError, parse } from 'csv-parse';
import { problem, type FaultCode } from './fault.js';
import type { RowOrFault } from './row.js';

/** As the server reads manifests; the longest comes first. */
const LINE_BREAKS = ['\r\n', '\n', '\r'];
const QUOTE_FAULTS: Readonly<Record<string, FaultCode>> = {
  INVALID_OPENING_QUOTE: 'quote',
  CSV_INVALID_CLOSING_QUOTE: 'quoteEnd',
  CSV_QUOTE_NOT_CLOSED: 'quoteOpen',
};

interface CsvRecord {
  readonly fields: readonly string[];
  /** Line on which it ends. */
  readonly end: number;
  /** Blank lines before it. */
  readonly blanks: number;
}

export async function* readCsv(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<RowOrFault> {
  let columns: string[] | undefined;
  let last = 0;
  let lastBlanks = 0;
  try {
    for await (const { fields, end, blanks } of recordsOf(text, delimiter)) {
      // Blank lines between records are counted, too, so that the first line follows from the last one.
      const line = end - breaksIn(fields, /\r\n|\n|\r/g);
      last = end;
      lastBlanks = blanks;
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
    // Its record begins after the last one: the parser names the line of the next quote, or the end of the input.
    const line = last + 1 + Number(error['empty_lines']) - lastBlanks;
    const code = QUOTE_FAULTS[error.code];
    const what = code === undefined ? problem('unreadable', error.message) : problem(code);
    yield { fault: { line, column: Number(error['column']) + 1, ...what } };
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
    record_delimiter: LINE_BREAKS,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: false,
    on_record: (fields: string[], { lines, empty_lines: blanks }) => {
      excess += breaksIn(fields, /\r\n/g);
      records.push({ fields, end: lines - excess, blanks });
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
