import 'reflect-metadata';
import { bad, good, heading, say } from '../demo/screen.js';
import { Cleanup } from '../demo/cleanup.js';
import { readCommandLine, type BenchOptions } from './command-line.js';
import { measureAll } from './measure-all.js';
import { writePlots } from './plots/write-plots.js';
import { writeReport } from './report/write-report.js';
import { regressionLine, type Regression } from './support/guard.js';
import { writeKept } from './support/kept.js';
import { readResults, type Results } from './support/results.js';
import { changesSince } from './support/suspects.js';
import { showTable } from './support/table.js';

/**
 * `npm run bench`: measures all figures in one run. Throws if a figure cannot be measured or a guarded ratio is worse.
 */
async function bench(options: BenchOptions, cleanup: Cleanup): Promise<void> {
  if (options.from.length > 0) {
    await report(readResults(options.from), options);
    return;
  }
  const { results, regressions, file } = await measureAll(options, cleanup);
  good(`Results: ${file}`);
  await report(results, options);
  if (regressions.length > 0) await fail(regressions, options);
}

/** Names the commits that may have caused the regressions, and how to find the one that did. */
async function fail(regressions: readonly Regression[], { guard = '' }: BenchOptions): Promise<never> {
  for (const regression of regressions) bad(regressionLine(regression));
  const suspects = await changesSince(guard);
  const figures = [...new Set(regressions.map(({ id }) => id.split('.')[0]))].join(' ');
  say(
    suspects.length === 0
      ? '  No commit since the ratios were kept changed the product: the machine may have been busy'
      : `  One of ${suspects.length} commits since the ratios were kept is slower. To find it, let git bisect run ` +
          `\`npm run bench -- ${figures} --quick --rounds 3 --guard ${guard}\`:`,
  );
  for (const suspect of suspects) say(`    ${suspect}`);
  throw new Error('Guarded ratios are beyond their bounds');
}

/** Prints the results, and writes the requested files. */
async function report(results: Results, { keep, plots, report: documents }: BenchOptions): Promise<void> {
  heading('All figures');
  showTable(results.rows);
  if (keep !== undefined) await writeKept(results, keep);
  const files = plots === undefined ? [] : writePlots(results.rows, plots);
  for (const document of documents) await writeReport(results, document);
  for (const file of [...(keep === undefined ? [] : [keep]), ...files, ...documents])
    good(`Written: ${file}`);
}

/** Rejects on a signal that ends the benchmark. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => reject(new Error(`Ended by ${signal}`)));
    }
  });
}

const cleanup = new Cleanup();
const options = readCommandLine(process.argv);
const exitCode = await Promise.race([bench(options, cleanup), interruption()]).then(
  () => 0,
  (error: unknown) => {
    bad(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  },
);
await cleanup.run();
process.exit(exitCode);
