import 'reflect-metadata';
import { join } from 'node:path';
import { bad, good, heading, say } from '../demo/screen.js';
import { Takedown } from '../demo/takedown.js';
import { readCommandLine, type BenchOptions } from './command-line.js';
import { setStage, type Stage } from './stage.js';
import { Bench } from './support/bench-run.js';
import type { Figure, Row } from './support/figure.js';
import { Guard, type Loss } from './support/guard.js';
import { describeMachine, machineLine } from './support/machine.js';
import { keepResults } from './support/results.js';
import { ROOT } from './support/root.js';
import { showTable } from './support/table.js';

/** `npm run bench`: every figure in one run on this machine; 0 if all of them could be measured. */
async function bench(options: BenchOptions, takedown: Takedown): Promise<void> {
  const form = options.quick ? 'quick' : 'whole';
  const guard = options.guard === undefined ? undefined : Guard.read(options.guard, form);
  const stage = await setStage(takedown);
  const machine = describeMachine(stage.folder);
  say(machineLine(machine));
  const rows: Row[] = [];
  const losses: Loss[] = [];
  for (const figure of options.figures) {
    const round = (): Promise<Row[]> => measure(figure, stage, options, takedown);
    const outcome =
      guard === undefined ? { rows: await round(), losses: [] } : await guarded(guard, figure, round);
    rows.push(...outcome.rows);
    losses.push(...outcome.losses);
  }
  if (options.figures.length > 1) {
    heading('All figures');
    showTable(rows);
  }
  const file = keepResults({ at: new Date().toISOString(), form, machine, rows }, options.json);
  good(`Kept in ${file}`);
  for (const { id, kept, now } of losses) {
    bad(`${id} was ${kept.toFixed(2)} and is ${now?.toFixed(2) ?? 'not measured any more'}`);
  }
  if (losses.length > 0) throw new Error('Reelport has become slower');
}

/** Measures a second time where ratios have got worse: only what is seen twice counts. */
async function guarded(
  guard: Guard,
  { name }: Figure,
  round: () => Promise<Row[]>,
): Promise<{ rows: Row[]; losses: Loss[] }> {
  const first = await round();
  if (guard.losses(name, first).length === 0) return { rows: first, losses: [] };
  say('  Worse than what is kept: measured once more');
  const second = await round();
  return { rows: second, losses: guard.losses(name, second) };
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
    const rows = await figure.measure(
      new Bench(origin, floor, options.rounds, options.quick, site, takedown),
    );
    showTable(rows);
    say(`  measured in ${((performance.now() - begin) / 1_000).toFixed(0)} s`);
    return rows;
  } finally {
    await takedown.run();
  }
}

/** Rejects when somebody wants it to end. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => reject(new Error(`Ended by ${signal}`)));
    }
  });
}

const takedown = new Takedown();
const options = readCommandLine(process.argv);
const exitCode = await Promise.race([bench(options, takedown), interruption()]).then(
  () => 0,
  (error: unknown) => {
    bad(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  },
);
await takedown.run();
process.exit(exitCode);
