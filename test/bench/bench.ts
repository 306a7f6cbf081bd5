import 'reflect-metadata';
import { bad, good, heading } from '../demo/screen.js';
import { Takedown } from '../demo/takedown.js';
import { readCommandLine, type BenchOptions } from './command-line.js';
import { measureAll } from './measure-all.js';
import { writePlots } from './plots/write-plots.js';
import { writeReport } from './report/write-report.js';
import { lossLine } from './support/guard.js';
import { writeKept } from './support/kept.js';
import { readResults, type Results } from './support/results.js';
import { showTable } from './support/table.js';

/** `npm run bench`: every figure in one run on this machine; 0 if all of them could be measured. */
async function bench(options: BenchOptions, takedown: Takedown): Promise<void> {
  if (options.from.length > 0) {
    await tell(readResults(options.from), options);
    return;
  }
  const { results, losses, file } = await measureAll(options, takedown);
  good(`Kept in ${file}`);
  await tell(results, options);
  for (const loss of losses) bad(lossLine(loss));
  if (losses.length > 0) throw new Error('Reelport has become slower');
}

/** Shows results, and writes what is wanted of them. */
async function tell(results: Results, { keep, plots, report }: BenchOptions): Promise<void> {
  heading('All figures');
  showTable(results.rows);
  if (keep !== undefined) await writeKept(results, keep);
  const files = plots === undefined ? [] : writePlots(results.rows, plots);
  for (const document of report) await writeReport(results, document);
  for (const file of [...(keep === undefined ? [] : [keep]), ...files, ...report]) good(`Written: ${file}`);
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
