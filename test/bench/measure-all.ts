import { join } from 'node:path';
import { bad, heading, say } from '../demo/screen.js';
import { Cleanup } from '../demo/cleanup.js';
import type { BenchOptions } from './command-line.js';
import { setStage, type Stage } from './stage.js';
import { Bench } from './support/bench-run.js';
import type { Figure, Row } from './support/figure.js';
import { regressionsOf, regressionLine, type Regression } from './support/guard.js';
import { KEPT_RUNS, readKept, type Kept } from './support/kept.js';
import { describeMachine, machineLine } from './support/machine.js';
import { keepResults, type Results } from './support/results.js';
import { ROOT } from './support/root.js';
import { rowsOfRuns } from './support/runs.js';
import { showTable } from './support/table.js';

export interface Measured {
  results: Results;
  /** Ratios that were worse than the kept ones twice in a row. */
  regressions: Regression[];
  /** Path of the results. */
  file: string;
}

/**
 * Measures the figures one by one. Writes the results after each figure, so that a failure of a later one loses
 * nothing.
 */
export async function measureAll(options: BenchOptions, cleanup: Cleanup): Promise<Measured> {
  const form = options.quick ? 'quick' : 'whole';
  const kept = options.guard === undefined ? undefined : readKept(options.guard, form);
  const stage = await setStage(cleanup);
  const machine = describeMachine(stage.folder);
  say(machineLine(machine));
  const results: Results = { at: new Date().toISOString(), form, machine, rows: [] };
  const regressions: Regression[] = [];
  const file = keepResults(results, options.json);
  for (const figure of options.figures) {
    const round = (): Promise<Row[]> => measure(figure, stage, options, cleanup);
    const outcome =
      kept === undefined
        ? { rows: await repeated(round, options.keep === undefined ? 1 : KEPT_RUNS), regressions: [] }
        : await guarded(kept, figure, round);
    results.rows.push(...outcome.rows);
    regressions.push(...outcome.regressions);
    keepResults(results, file);
  }
  return { results, regressions, file };
}

async function repeated(round: () => Promise<Row[]>, runs: number): Promise<Row[]> {
  if (runs === 1) return round();
  const all: Row[][] = [];
  for (let run = 0; run < runs; run++) {
    say(`  Run ${run + 1} of ${runs}`);
    all.push(await round());
  }
  return rowsOfRuns(all);
}

/** Repeats the measurement if ratios are worse, and returns the second result. */
async function guarded(
  kept: Kept,
  { name }: Figure,
  round: () => Promise<Row[]>,
): Promise<{ rows: Row[]; regressions: Regression[] }> {
  const first = await round();
  const regressions = regressionsOf(kept, name, first);
  if (regressions.length === 0) return { rows: first, regressions: [] };
  for (const regression of regressions) bad(regressionLine(regression));
  say('  Worse than the kept ratios; measuring again');
  const second = await round();
  return { rows: second, regressions: regressionsOf(kept, name, second) };
}

async function measure(figure: Figure, stage: Stage, options: BenchOptions, all: Cleanup): Promise<Row[]> {
  heading(`${figure.name}: ${figure.question}`);
  const begin = performance.now();
  const { folder, services, origin, floor } = stage;
  const cleanup = new Cleanup();
  await all.add(() => cleanup.run());
  const site = {
    services,
    folder,
    environment: options.set,
    ...(options.profile && { profiles: join(ROOT, 'bench-results/profiles', figure.name) }),
  };
  try {
    const rows = await figure.measure(new Bench(origin, floor, options, site, cleanup));
    showTable(rows);
    say(`  measured in ${((performance.now() - begin) / 1_000).toFixed(0)} s`);
    return rows;
  } finally {
    await cleanup.run();
  }
}
