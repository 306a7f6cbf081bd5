import { join } from 'node:path';
import { bad, heading, say } from '../demo/screen.js';
import { Takedown } from '../demo/takedown.js';
import type { BenchOptions } from './command-line.js';
import { setStage, type Stage } from './stage.js';
import { Bench } from './support/bench-run.js';
import type { Figure, Row } from './support/figure.js';
import { lossesOf, lossLine, type Loss } from './support/guard.js';
import { readKept, type Kept } from './support/kept.js';
import { describeMachine, machineLine } from './support/machine.js';
import { keepResults, type Results } from './support/results.js';
import { ROOT } from './support/root.js';
import { showTable } from './support/table.js';

export interface Measured {
  results: Results;
  /** What was worse than what is kept, twice in a row. */
  losses: Loss[];
  /** Where the results are. */
  file: string;
}

/**
 * Measures what is wanted, one figure after the other. Results are written after each of them: what took an hour is not
 * lost where the next one cannot be measured.
 */
export async function measureAll(options: BenchOptions, takedown: Takedown): Promise<Measured> {
  const form = options.quick ? 'quick' : 'whole';
  const kept = options.guard === undefined ? undefined : readKept(options.guard, form);
  const stage = await setStage(takedown);
  const machine = describeMachine(stage.folder);
  say(machineLine(machine));
  const results: Results = { at: new Date().toISOString(), form, machine, rows: [] };
  const losses: Loss[] = [];
  const file = keepResults(results, options.json);
  for (const figure of options.figures) {
    const round = (): Promise<Row[]> => measure(figure, stage, options, takedown);
    const outcome =
      kept === undefined ? { rows: await round(), losses: [] } : await guarded(kept, figure, round);
    results.rows.push(...outcome.rows);
    losses.push(...outcome.losses);
    keepResults(results, file);
  }
  return { results, losses, file };
}

/** Measures a second time where ratios have got worse: only what is seen twice counts. */
async function guarded(
  kept: Kept,
  { name }: Figure,
  round: () => Promise<Row[]>,
): Promise<{ rows: Row[]; losses: Loss[] }> {
  const first = await round();
  const losses = lossesOf(kept, name, first);
  if (losses.length === 0) return { rows: first, losses: [] };
  for (const loss of losses) bad(lossLine(loss));
  say('  Worse than what is kept: measured once more');
  const second = await round();
  return { rows: second, losses: lossesOf(kept, name, second) };
}

async function measure(figure: Figure, stage: Stage, options: BenchOptions, all: Takedown): Promise<Row[]> {
  heading(`${figure.name}: ${figure.question}`);
  const begin = performance.now();
  const { folder, services, origin, floor } = stage;
  const takedown = new Takedown();
  await all.add(() => takedown.run());
  const site = {
    services,
    folder,
    environment: options.set,
    ...(options.profile && { profiles: join(ROOT, 'bench-results/profiles', figure.name) }),
  };
  try {
    const rows = await figure.measure(new Bench(origin, floor, options, site, takedown));
    showTable(rows);
    say(`  measured in ${((performance.now() - begin) / 1_000).toFixed(0)} s`);
    return rows;
  } finally {
    await takedown.run();
  }
}
