import type { Row } from './figure.js';

/** A sample row for specs. */
export function sampleRow(id: string, value: number, more: Partial<Row> = {}): Row {
  return { id, what: id, unit: '×', better: 'higher', value, rounds: [value], absolute: {}, ...more };
}
