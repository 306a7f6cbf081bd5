import { PLAN_COLUMNS, REPORT_COLUMNS } from '../report/report-columns.js';
import type { ImportKind } from '../import-kind.js';

/** Longer identifiers would be cut by PostgreSQL. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;

/** Fields of an item in a status or a list, which the result of a kind must not replace. */
const ITEM_FIELDS = new Set(
  (
    'status state reason code retryable systemName externalId title position tries nextTryAt prediction ' +
    'host httpStatus url request waiting attempts'
  ).split(' '),
);
/** Fields of a status, which the list of items must not replace. */
const STATUS_FIELDS = new Set('finished state id startedAt progress overview plan'.split(' '));

/** Fields of a batch, which the list of its entries must not replace. */
const BATCH_FIELDS = new Set('systemName webhook webhookEvents context notBefore priority'.split(' '));

/** Checks the names that a kind brings into statuses and reports. @throws Error that lists the faulty ones */
export function assertNames({ name, noun, result, report }: ImportKind): void {
  const faults = [
    ...(STATUS_FIELDS.has(name) ? [`"${name}" is a field of every status`] : []),
    ...(BATCH_FIELDS.has(name) ? [`"${name}" is a field of every batch`] : []),
    ...(ITEM_FIELDS.has(noun) ? [`"${noun}" is a field of every item`] : []),
    ...(noun === 'item' ? ['"item" is the noun of every kind'] : []),
    ...malformed([name, noun, ...(result ?? []).map((field) => field.name)]),
    ...malformed(report.map((column) => column.name)),
    ...repeated([
      ...Object.keys(REPORT_COLUMNS),
      ...Object.keys(PLAN_COLUMNS),
      ...report.map((column) => column.name),
    ]).map((column) => `the report has two columns "${column}"`),
    ...repeated((result ?? []).map((field) => field.name)).map(
      (field) => `the result has two fields "${field}"`,
    ),
  ];
  if (faults.length > 0) throw new Error(`Import kind "${name}": ${faults.join('; ')}`);
}

function malformed(names: readonly string[]): string[] {
  return names
    .filter((name) => !NAME.test(name))
    .map((name) => `"${name}" must begin with a letter and have at most 63 letters, digits and _`);
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index);
}
