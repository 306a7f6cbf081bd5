import type { Detected } from './format.js';
import { readCsv } from './csv.js';
import type { TableInput } from './input.js';
import { readJson, readJsonLines } from './json.js';
import type { RowOrFault } from './row.js';

/** Reads an input from its beginning, in constant memory. */
export function readRows(input: TableInput, { format, delimiter }: Detected): AsyncIterable<RowOrFault> {
  if (format === 'json') return readJson(input);
  if (format === 'jsonl') return readJsonLines(input.text());
  return readCsv(input.text(), delimiter);
}

/** Names of the columns; for JSON those of the first entry. */
export async function columnsOf(input: TableInput, detected: Detected): Promise<string[]> {
  for await (const entry of readRows(input, detected)) {
    if ('row' in entry) return Object.keys(entry.row.values);
  }
  return [];
}
