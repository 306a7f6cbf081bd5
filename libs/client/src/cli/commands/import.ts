import type { Client } from '../../client.js';
import { ExitCode } from '../exit-codes.js';
import { withInput, type CheckedInput } from '../import/checked-input.js';
import { postBatches } from '../import/post-batches.js';
import { Progress } from '../import/progress.js';
import { checkResultFile, collectResults } from '../import/results.js';
import { progressMode, statePath, type RunOptions } from '../import/run-options.js';
import type { StateFile } from '../import/state-file.js';
import { summarize } from '../import/summary.js';
import { watchImports } from '../import/watch.js';
import { data } from '../output.js';
import { openClient } from '../session.js';

export interface ImportOptions extends RunOptions {
  readonly watch: boolean;
}

/** Imports a list: checks it, posts it in batches, follows it to the end, and writes the results. */
export function importFile(file: string, options: ImportOptions, signal: AbortSignal): Promise<number> {
  return withInput(file, options, async (input) => {
    if (options.check) return ExitCode.ok;
    await checkResultFile(options.result);
    const client = await openClient(options);
    return postBatches(client, input, { ...options, mode: 'run' }, signal, (state) =>
      finish(client, input, state, options, signal),
    );
  });
}

async function finish(
  client: Client,
  { source }: CheckedInput,
  state: StateFile,
  options: ImportOptions,
  signal: AbortSignal,
): Promise<number> {
  const ids = state.batches.map(({ importId }) => importId);
  if (!options.watch) {
    data(ids.map((id) => `${id}\n`).join(''));
    return ExitCode.ok;
  }
  const progress = new Progress(progressMode(options), options.kind, state.expectsHashes);
  const counters = await watchImports(client, ids, progress, signal);
  const failures = await collectResults(client, ids, options.result, signal);
  await state.finish();
  const imports = `--state ${statePath(source, { ...options, mode: 'run' })}`;
  return summarize(counters, failures, { ...options, imports });
}
