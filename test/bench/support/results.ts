import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Row } from './figure.js';
import type { Machine } from './machine.js';
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
