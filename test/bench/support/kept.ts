import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import type { Results } from './results.js';

/** Results in git, limited to values that are comparable across machines. */
export interface Kept {
  form: Results['form'];
  /** Ratios by the id of their row. */
  ratios: Record<string, number>;
  /** Other rows with a budget. Their values depend on the machine, but they have to be measured. */
  measured: string[];
}

/** Decimal places; more are noise. */
const DIGITS = 3;

export function keptOf({ form, rows }: Results): Kept {
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ratios = sorted.filter(({ unit }) => unit === '×');
  const others = sorted.filter(({ unit, budget }) => unit !== '×' && budget !== undefined);
  return {
    form,
    ratios: Object.fromEntries(ratios.map(({ id, value }) => [id, Number(value.toFixed(DIGITS))])),
    measured: others.map(({ id }) => id),
  };
}

export async function writeKept(results: Results, file: string): Promise<void> {
  const options = await resolveConfig(file);
  writeFileSync(file, await format(JSON.stringify(keptOf(results)), { ...options, parser: 'json' }));
}

/** @throws Error if the file is missing or contains ratios of another form */
export function readKept(file: string, form: Results['form']): Kept {
  const kept: Kept = JSON.parse(readFileSync(file, 'utf8'));
  if (kept.form !== form) throw new Error(`${file} holds ratios of the ${kept.form} form`);
  return kept;
}
