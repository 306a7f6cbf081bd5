import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import type { Results } from './results.js';
import { mean, standardDeviation } from './statistics.js';

/** A ratio over several runs. */
export interface KeptRatio {
  mean: number;
  /** The guard fails beyond it: below it, or above it if lower is better. */
  bound: number;
}

/** Results in git, limited to values that are comparable across machines. */
export interface Kept {
  form: Results['form'];
  /** Ratios by the id of their row. */
  ratios: Record<string, KeptRatio>;
  /** Other rows with a budget. Their values depend on the machine, but they have to be measured. */
  measured: string[];
}

/** Runs behind a kept ratio. */
export const KEPT_RUNS = 10;
/**
 * Factor of a one-sided tolerance limit for a normal distribution, that covers 99.9 % of all values with 95 % confidence
 * after 10 values: https://www.itl.nist.gov/div898/handbook/prc/section2/prc263.htm
 */
const TOLERANCE_FACTOR = 5.203;
/** Smallest distance of a bound, as a share of the mean: other machines have other disks. */
const LEAST_DISTANCE = 0.1;
/** Largest distance: beyond it, the guard would overlook a product at half its speed. */
const LARGEST_DISTANCE = 0.5;
/** Decimal places; more are noise. */
const DIGITS = 3;

/** @param results the rounds of each row are the values of its runs */
export function keptOf({ form, rows }: Results): Kept {
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ratios = sorted.filter(({ unit }) => unit === '×');
  const others = sorted.filter(({ unit, budget }) => unit !== '×' && budget !== undefined);
  return {
    form,
    ratios: Object.fromEntries(ratios.map(({ id, rounds, better }) => [id, ratioOf(rounds, better)])),
    measured: others.map(({ id }) => id),
  };
}

function ratioOf(values: readonly number[], better: 'higher' | 'lower'): KeptRatio {
  const middle = mean(values);
  const spread = (TOLERANCE_FACTOR * standardDeviation(values)) / middle;
  const distance = middle * Math.min(Math.max(spread, LEAST_DISTANCE), LARGEST_DISTANCE);
  const bound = better === 'higher' ? middle - distance : middle + distance;
  return { mean: rounded(middle), bound: rounded(bound) };
}

const rounded = (value: number): number => Number(value.toFixed(DIGITS));

/** Writes what was measured; what the file holds of other figures stays. */
export async function writeKept(results: Results, file: string): Promise<void> {
  const kept = existsSync(file) ? updated(readKept(file, results.form), keptOf(results)) : keptOf(results);
  const options = await resolveConfig(file);
  writeFileSync(file, await format(JSON.stringify(kept), { ...options, parser: 'json' }));
}

const figureOf = (id: string): string => id.slice(0, id.indexOf('.'));

function updated(before: Kept, now: Kept): Kept {
  const measured = new Set([...Object.keys(now.ratios), ...now.measured].map(figureOf));
  const isOther = (id: string): boolean => !measured.has(figureOf(id));
  const ratios = [
    ...Object.entries(before.ratios).filter(([id]) => isOther(id)),
    ...Object.entries(now.ratios),
  ];
  return {
    form: now.form,
    ratios: Object.fromEntries(ratios.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    measured: [...before.measured.filter(isOther), ...now.measured].toSorted(),
  };
}

/** @throws Error if the file is missing or contains ratios of another form */
export function readKept(file: string, form: Results['form']): Kept {
  const kept: Kept = JSON.parse(readFileSync(file, 'utf8'));
  if (kept.form !== form) throw new Error(`${file} holds ratios of the ${kept.form} form`);
  return kept;
}
