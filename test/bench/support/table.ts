import { paint, table } from '../../demo/screen.js';
import { keepsBudget, type Quantity, type Row } from './figure.js';
import { rounded } from './rounded.js';

/** Prints the rows as a table. */
export function showTable(rows: readonly Row[]): void {
  table(
    ['figure', 'median', 'rounds', 'budget', '', 'absolute'],
    rows.map((row) => [
      row.what,
      shown({ value: row.value, unit: row.unit }),
      row.rounds.map((value) => rounded(value)).join(' '),
      row.budget === undefined ? '' : `${row.better === 'higher' ? '≥' : '≤'} ${row.budget} ${row.unit}`,
      verdict(row),
      Object.entries(row.absolute)
        .map(([name, quantity]) => `${name} ${shown(quantity)}`)
        .join(', '),
    ]),
  );
}

function verdict(row: Row): string {
  const kept = keepsBudget(row);
  if (kept === undefined) return '';
  return kept ? paint('green', 'met') : paint('red', 'not met');
}

function shown({ value, unit }: Quantity): string {
  return `${rounded(value)} ${unit}`;
}
