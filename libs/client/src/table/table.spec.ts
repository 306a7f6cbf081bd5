import { expect, it } from 'vitest';
import {
  checkInput,
  columnsOf,
  completeMapping,
  detectFormat,
  guessColumns,
  IdMap,
  openBlob,
  readRows,
  type Checked,
  type Detected,
  type TableInput,
} from './index.js';

interface Read extends Checked, Detected {
  columns: string[];
  encoding: string;
  hasBom: boolean;
}

/** Reads a list as pages of a browser do. */
async function read(content: string | Uint8Array<ArrayBuffer>, name = 'list'): Promise<Read> {
  const input = await openBlob(name, new Blob([content]));
  const detected = await detectFormat(input);
  const columns = await columnsOf(input, detected);
  const { id = '', url = '', ...optional } = guessColumns(columns);
  const mapping = completeMapping(columns, { id, url, ...optional }, new Set());
  const checked = await checkInput(input, { detected, mapping, columns }, new IdMap());
  const { encoding, hasBom } = input;
  return { ...checked, ...detected, columns, encoding, hasBom };
}

const placesOf = ({ faults }: Read) =>
  faults.map(({ line, column, field, code }) => [line, column, field, code]);

it('reads records with quotes, line breaks and blank lines, and names the lines of faults', async () => {
  const list = await read(
    'id;url;title\r\na;https://x.example/a;"One; ""two""\r\nthree"\r\n\r\nb;ftp://x.example/b;B\r\na;https://x.example/c;C\r\nd;https://x.example/d\r\n',
    'list.csv',
  );
  expect(list).toMatchObject({ entries: 2, format: 'csv', delimiter: ';', columns: ['id', 'url', 'title'] });
  expect(placesOf(list)).toEqual([
    [5, 2, 'url', 'scheme'],
    [6, 1, 'id', 'duplicate'],
    [7, undefined, undefined, 'fields'],
  ]);
});

it('ends records with CRLF, LF and CR in one list, wherever its chunks end', async () => {
  const text =
    'id,url,title\r\na,nowhere,A\n\nb,nowhere,"B\r\n1\n2\r3"\rc,nowhere,C\r\n\r\nd,nowhere,D\ne,nowhere,E\r\n';
  const input: TableInput = {
    name: 'list.csv',
    encoding: 'utf-8',
    hasBom: false,
    async *text() {
      yield* text;
    },
  };
  const rows: unknown[] = [];
  for await (const item of readRows(input, { format: 'csv', delimiter: ',' })) rows.push(item);
  expect(rows).toMatchObject([
    { row: { line: 2, values: { id: 'a', title: 'A' } } },
    { row: { line: 4, values: { id: 'b', title: 'B\r\n1\n2\r3' } } },
    { row: { line: 8, values: { id: 'c', title: 'C' } } },
    { row: { line: 10, values: { id: 'd', title: 'D' } } },
    { row: { line: 11, values: { id: 'e', title: 'E' } } },
  ]);
  const list = await read(text, 'list.csv');
  expect(placesOf(list).map(([line]) => line)).toEqual([2, 4, 8, 10, 11]);
});

it('names the place of quotes that cannot be read, in a sentence', async () => {
  const head = 'id,url,title\na,https://x.example/a,"two\r\nlines"\n\n';
  const faultsOf = async (rest: string) =>
    (await read(`${head}${rest}`, 'list.csv')).faults.map(({ line, column, sentence }) => [
      line,
      column,
      sentence,
    ]);
  const end = '; the lines after it were not read';
  expect(await faultsOf('b,https://x.example/b,"Open\nc,https://x.example/c,"B" title\n')).toEqual([
    [5, 3, `Begins with a quote, but does not end with one; a quote within a field must be doubled${end}`],
  ]);
  expect(await faultsOf('\nb,https://x.example/b,"Open\nc,https://x.example/c,C\n')).toEqual([
    [6, 3, `Begins with a quote that is never closed${end}`],
  ]);
  expect(await faultsOf('b,https://x.example/b,B "quoted"\n')).toEqual([
    [5, 3, `Contains a quote: the whole field must be quoted, and its quotes doubled${end}`],
  ]);
});

it('tells lines of JSON from an array of them, however they end', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const lines = ['a', 'b'].map((id) => JSON.stringify({ id, url: `https://x.example/${id}` }));
    expect(await read(lines.join(end))).toMatchObject({ format: 'jsonl', entries: 2 });
  }
});

it('keeps the faults before a place that cannot be read', async () => {
  const list = await read('id,url\na,nowhere\nb,"https://x.example/b\n');
  expect(placesOf(list)).toEqual([
    [2, 2, 'url', 'scheme'],
    [3, 2, undefined, 'quoteOpen'],
  ]);
});

it('reads more than one chunk of CSV and of JSON', async () => {
  const entries = Array.from({ length: 2_000 }, (_, index) => ({
    id: `video-${index}`,
    url: `https://x.example/${index}.mp4`,
    title: `Übung ${index}`,
  }));
  const rows = entries.map((entry) => Object.values(entry).join('\t'));
  const lists = [
    `id\turl\ttitle\n${rows.join('\n')}`,
    JSON.stringify(entries),
    JSON.stringify({ systemName: 'archive', other: { list: [1] }, videos: entries, tags: ['x'] }),
    entries.map((entry) => JSON.stringify(entry)).join('\r\n'),
  ];
  for (const list of lists) expect(await read(list)).toMatchObject({ entries: 2_000, faultCount: 0 });
});

it('reads lines of JSON that end in each way', async () => {
  const lines = ['a', 'b', 'c'].map((id) => JSON.stringify({ id, url: `https://x.example/${id}` }));
  for (const end of ['\n', '\r\n', '\r']) {
    const list = await read([...lines, 'broken'].join(end), 'list.jsonl');
    expect({ entries: list.entries, places: placesOf(list) }).toEqual({
      entries: 3,
      places: [[4, undefined, undefined, 'noJson']],
    });
  }
});

it('tells encodings by byte order marks and bytes', async () => {
  const list = 'id,url,Prüfsumme\n1,https://x.example/1,\n';
  expect(await read(`\uFEFF${list}`)).toMatchObject({ encoding: 'utf-8', hasBom: true, entries: 1 });
  expect(await read(new Uint8Array(Buffer.from(list, 'latin1')))).toMatchObject({
    encoding: 'windows-1252',
    hasBom: false,
    columns: ['id', 'url', 'Prüfsumme'],
  });
});
