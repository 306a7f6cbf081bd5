import { stringify } from 'csv-stringify/sync';
import type { ReportRow } from './report.repository.js';

export const REPORT_FORMATS = ['csv', 'ndjson'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** How a report is written. */
export interface ReportWriter {
  contentType: string;
  /** What comes before the first row. */
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
  /** A JSON object a line. */
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: () => '',
    body: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  },
};

/**
 * What a spreadsheet would take for a formula gets an apostrophe in front, which makes it a text there.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csv(records: unknown[][]): string {
  return stringify(records, {
    record_delimiter: 'windows',
    // RFC 4180 wants a bare CR or LF quoted as well, because readers may take it for the end of a line.
    quote_record_delimiter: true,
    escape_formulas: true,
    // The one beginning on OWASP's list that the library leaves alone.
    cast: { string: (value) => (value.startsWith('\n') ? `'${value}` : value) },
  });
}
