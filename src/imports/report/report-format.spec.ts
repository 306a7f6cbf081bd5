import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPORT_WRITERS } from './report-format.js';

const { csv, ndjson } = REPORT_WRITERS;

const COLUMNS = ['id', 'bytes', 'reason'];

const row = fc.record({
  id: fc.string({
    unit: fc.oneof(
      fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", '＝'),
      fc.string({ unit: 'binary' }),
    ),
  }),
  bytes: fc.option(fc.nat()),
  reason: fc.option(fc.string({ unit: 'grapheme' })),
});

/** Reads a cell as a spreadsheet does: a leading apostrophe marks the rest as text. */
function defused(value: string | number | null): string {
  return typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(value)
    ? `'${value}`
    : String(value ?? '');
}

describe('CSV', () => {
  it('preserves any rows through RFC 4180, and no cell starts a formula', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const text = csv.head(COLUMNS) + csv.body(rows, COLUMNS);
        const read: string[][] = parse(text, { record_delimiter: ['\r\n', '\n', '\r'] });
        expect(read).toEqual([
          COLUMNS,
          ...rows.map(({ id, bytes, reason }) => [defused(id), defused(bytes), defused(reason)]),
        ]);
      }),
    );
  });

  it('ends every line with CRLF, so that pages can be concatenated', () => {
    expect(csv.head(COLUMNS)).toBe('id,bytes,reason\r\n');
    expect(csv.body([{ id: 'a', bytes: -1, reason: null }], COLUMNS)).toBe('a,-1,\r\n');
  });

  it.each([
    ['=HYPERLINK("http://example.com")', `"'=HYPERLINK(""http://example.com"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\n=1', `"'\n=1"`],
    ['＝1', "'＝1"],
  ])('escapes %j as text', (value, cell) => {
    expect(csv.body([{ id: value }], ['id'])).toBe(`${cell}\r\n`);
  });
});

describe('NDJSON', () => {
  it('contains the unchanged rows, one per line', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const lines = (ndjson.head(COLUMNS) + ndjson.body(rows, COLUMNS)).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map((line): unknown => JSON.parse(line))).toEqual(rows);
      }),
    );
  });
});
