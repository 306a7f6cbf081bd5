import type { Row } from './figure.js';

/** A row as a figure makes it, for specs of what becomes of rows. */
export function sampleRow(id: string, value: number, more: Partial<Row> = {}): Row {
  return { id, what: id, unit: '×', better: 'higher', value, rounds: [value], absolute: {}, ...more };
}
