import { stringify } from 'csv-stringify/sync';
import type { ReportRow } from './report.repository.js';

export const REPORT_FORMATS = ['csv', 'ndjson'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Serialization of a report. */
export interface ReportWriter {
  contentType: string;
  /** Text before the first row. */
  head(columns: readonly string[]): string;
  body(rows: readonly ReportRow[], columns: readonly string[]): string;
}

export const REPORT_WRITERS: Record<ReportFormat, ReportWriter> = {
  /** RFC 4180. */
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: (columns) => csv([[...columns]]),
    body: (rows, columns) => csv(rows.map((row) => columns.map((column) => row[column]))),
  },
  /** One JSON object per line. */
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: () => '',
    body: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  },
};

/**
 * Prefixes values that a spreadsheet would interpret as a formula with an apostrophe, which makes them text.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csv(records: unknown[][]): string {
  return stringify(records, {
    record_delimiter: 'windows',
    // RFC 4180 requires quotes around a bare CR or LF as well, because readers may treat it as the end of a line.
    quote_record_delimiter: true,
    escape_formulas: true,
    // The only prefix on OWASP's list that the library does not escape.
    // `String` instead of its 1 for true and nothing for false.
    cast: { string: (value) => (value.startsWith('\n') ? `'${value}` : value), boolean: String },
  });
}
