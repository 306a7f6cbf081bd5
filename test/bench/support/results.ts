import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Row } from './figure.js';
import { machineLine, type Machine } from './machine.js';
import { ROOT } from './root.js';

/** A run, as it is kept. */
export interface Results {
  at: string;
  /** Figures of the short form are not those of the whole one. */
  form: 'quick' | 'whole';
  machine: Machine;
  rows: Row[];
}

/** @returns where it was written: `file`, or one of its own below `bench-results/` */
export function keepResults(results: Results, file?: string): string {
  const target =
    file === undefined
      ? join(ROOT, 'bench-results', `${results.at.replaceAll(/[:.]/g, '-')}.json`)
      : resolve(file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${JSON.stringify(results, null, 2)}\n`);
  return target;
}

/** Several runs as one: figures that were measured one after the other, of which the latest counts. */
export function readResults(files: readonly string[]): Results {
  return mergeResults(files.map((file): Results => JSON.parse(readFileSync(file, 'utf8'))));
}

/** @throws Error where they are of several machines or forms, which cannot be told as one */
export function mergeResults(runs: readonly Results[]): Results {
  const inOrder = runs.toSorted((a, b) => a.at.localeCompare(b.at));
  const latest = inOrder.at(-1);
  if (latest === undefined) throw new Error('No results');
  for (const { form, machine } of inOrder) {
    if (form !== latest.form || machineLine(machine) !== machineLine(latest.machine)) {
      throw new Error('These are results of several machines or forms');
    }
  }
  const rows = new Map(inOrder.flatMap((run) => run.rows).map((row) => [row.id, row]));
  return { ...latest, rows: [...rows.values()] };
}
