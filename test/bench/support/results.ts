import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Row } from './figure.js';
import { machineLine, type Machine } from './machine.js';
import { ROOT } from './root.js';

/** Results of a run, as written to a file. */
export interface Results {
  at: string;
  /** Figures of both forms are not comparable. */
  form: 'quick' | 'whole';
  machine: Machine;
  rows: Row[];
}

/** @returns the path: `file`, or a new one below `bench-results/` */
export function keepResults(results: Results, file?: string): string {
  const target =
    file === undefined
      ? join(ROOT, 'bench-results', `${results.at.replaceAll(/[:.]/g, '-')}.json`)
      : resolve(file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${JSON.stringify(results, null, 2)}\n`);
  return target;
}

/** Merges several runs; the latest value of a row counts. */
export function readResults(files: readonly string[]): Results {
  return mergeResults(files.map((file): Results => JSON.parse(readFileSync(file, 'utf8'))));
}

/** @throws Error if the runs are from different machines or forms */
export function mergeResults(runs: readonly Results[]): Results {
  const inOrder = runs.toSorted((a, b) => a.at.localeCompare(b.at));
  const latest = inOrder.at(-1);
  if (latest === undefined) throw new Error('No results');
  for (const { form, machine } of inOrder) {
    if (form !== latest.form || machineLine(machine) !== machineLine(latest.machine)) {
      throw new Error('Cannot merge results of different machines or forms');
    }
  }
  const rows = new Map(inOrder.flatMap((run) => run.rows).map((row) => [row.id, row]));
  return { ...latest, rows: [...rows.values()] };
}
