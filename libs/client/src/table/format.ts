import type { TableInput } from './input.js';

export const INPUT_FORMATS = ['csv', 'tsv', 'jsonl', 'json'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

const BY_EXTENSION: Readonly<Record<string, InputFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
};
const DELIMITERS = [',', ';', '\t', '|'];
/** Enough for the first line of any list. */
const HEAD_CHARACTERS = 64 * 1_024;

export interface Detected {
  readonly format: InputFormat;
  /** Of CSV and TSV. */
  readonly delimiter: string;
}

/** Finds out the format by the name of the file or its first line, and the delimiter by the header line. */
export async function detectFormat(
  input: TableInput,
  given?: InputFormat,
  delimiter?: string,
): Promise<Detected> {
  const head = await headOf(input.text());
  const format = given ?? BY_EXTENSION[extensionOf(input.name)] ?? formatOf(head);
  return { format, delimiter: delimiter ?? (format === 'tsv' ? '\t' : delimiterOf(head)) };
}

function formatOf(head: string): InputFormat {
  const text = head.trimStart();
  if (text.startsWith('[')) return 'json';
  if (!text.startsWith('{')) return 'csv';
  const [first = ''] = text.split(/\r\n|\n|\r/, 1);
  try {
    const entry: object = JSON.parse(first);
    // The body of a batch holds its entries in an array.
    return Object.values(entry).some((value) => Array.isArray(value)) ? 'json' : 'jsonl';
  } catch {
    return 'json';
  }
}

/** The delimiter that the header line contains most often outside of quotes. */
function delimiterOf(head: string): string {
  const [line = ''] = head.trimStart().split(/\r\n|\n|\r/, 1);
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

function extensionOf(name: string): string {
  const [extension = ''] = /\.[^./\\]*$/.exec(name) ?? [];
  return extension.toLowerCase();
}

async function headOf(text: AsyncIterable<string>): Promise<string> {
  let head = '';
  for await (const chunk of text) {
    head += chunk;
    if (head.length >= HEAD_CHARACTERS) break;
  }
  return head;
}
