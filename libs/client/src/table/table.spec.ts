import { expect, it } from 'vitest';
import {
  checkInput,
  columnsOf,
  completeMapping,
  detectFormat,
  guessColumns,
  IdMap,
  openBlob,
  type Checked,
  type Detected,
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

it('keeps the faults before a place that cannot be read', async () => {
  const list = await read('id,url\na,nowhere\nb,"https://x.example/b\n');
  expect(placesOf(list)).toEqual([
    [2, 2, 'url', 'scheme'],
    [3, undefined, undefined, 'unreadable'],
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
