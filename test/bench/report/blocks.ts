import { machineLine } from '../support/machine.js';
import { keepsBudget, type Row } from '../support/figure.js';
import type { Results } from '../support/results.js';
import { rounded } from '../support/rounded.js';
import { breakdownTable } from './breakdown-table.js';
import { capacityTable } from './capacity-table.js';
import { growthTable } from './growth-table.js';
import { markdownTable } from './markdown.js';

/** The content between two marks of a document, by the first word of the mark; the other words are its arguments. */
type Block = (results: Results, names: readonly string[]) => string;

const BLOCKS: Readonly<Record<string, Block>> = {
  machine: ({ at, form, machine }) =>
    `${machineLine(machine)}; measured on ${at.slice(0, 10)} (${form === 'quick' ? 'short' : 'complete'} run).`,
  budgets: ({ rows }) => budgetTable(rows.filter(({ budget }) => budget !== undefined)),
  rows: ({ rows }, figures) => rowTable(rows.filter(({ id }) => figures.includes(id.split('.')[0] ?? id))),
  growth: ({ rows }, [figure = '', ...grows]) => growthTable(rows, figure, grows.join(' ')),
  breakdown: ({ rows }) => breakdownTable(rows),
  capacity: ({ rows }) => capacityTable(rows),
};

const MISSING = 'Not measured yet.';

/** @param mark such as `rows small large` @throws Error if the block does not exist */
export function writeBlock(results: Results, mark: string): string {
  const [name = '', ...names] = mark.split(/\s+/);
  const block = BLOCKS[name];
  if (block === undefined) throw new Error(`Unknown block: ${name}`);
  return block(results, names) || MISSING;
}

function budgetTable(rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  return markdownTable(
    ['measurement', 'value', 'range', 'budget', 'met', 'details'],
    rows.map((row) => [
      row.what,
      shown(row.value, row.unit),
      spread(row.rounds),
      `${row.better === 'higher' ? '≥' : '≤'} ${row.budget} ${row.unit}`,
      keepsBudget(row) === true ? 'yes' : 'no',
      detailsOf(row),
    ]),
    ['left', 'right', 'right', 'right', 'left', 'left'],
  );
}

function rowTable(rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  return markdownTable(
    ['measurement', 'value', 'range', 'details'],
    rows.map((row) => [row.what, shown(row.value, row.unit), spread(row.rounds), detailsOf(row)]),
    ['left', 'right', 'right', 'left'],
  );
}

function detailsOf({ absolute }: Row): string {
  return Object.entries(absolute)
    .map(([name, { value, unit }]) => `${name} ${shown(value, unit)}`)
    .join(', ');
}

/** The worst and the best round. */
function spread(rounds: readonly number[]): string {
  if (rounds.length < 2) return '';
  return `${rounded(Math.min(...rounds))}–${rounded(Math.max(...rounds))}`;
}

function shown(value: number, unit: string): string {
  return `${rounded(value)} ${unit}`;
}
