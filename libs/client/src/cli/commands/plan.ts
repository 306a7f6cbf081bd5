import type { Client } from '../../client.js';
import type { ImportSummary } from '../../imports.js';
import { commandName } from '../command-name.js';
import { ExitCode } from '../exit-codes.js';
import { nameOf, withInput, type CheckedInput } from '../import/checked-input.js';
import { postBatches } from '../import/post-batches.js';
import { Progress } from '../import/progress.js';
import { checkResultFile, collectResults } from '../import/results.js';
import { progressMode, statePath, type RunOptions } from '../import/run-options.js';
import type { StateFile } from '../import/state-file.js';
import { watchImports } from '../import/watch.js';
import { bytes, counted, duration } from '../import/units.js';
import { data, jsonOf, message } from '../output.js';
import { openClient } from '../session.js';
import { Prediction, type Plan } from '../../table/prediction.js';

/** More would hide what the first ones say; the result file has all. */
const MAX_SHOWN_FAILURES = 100;

/** Predicts what an import of a list would do, and imports nothing. */
export function planFile(file: string, options: RunOptions, signal: AbortSignal): Promise<number> {
  return withInput(file, options, async (input) => {
    if (options.check) return ExitCode.ok;
    await checkResultFile(options.result);
    const client = await openClient(options);
    return postBatches(client, input, { ...options, mode: 'plan' }, signal, (state) =>
      finish(client, input, state, options, signal),
    );
  });
}

async function finish(
  client: Client,
  input: CheckedInput,
  state: StateFile,
  options: RunOptions,
  signal: AbortSignal,
): Promise<number> {
  const { kind, result, json } = options;
  const ids = state.batches.map(({ importId }) => importId);
  await watchImports(client, ids, new Progress(progressMode(options), kind, false), signal);
  const prediction = new Prediction();
  for (const id of ids) {
    const { plan }: ImportSummary & { plan?: Plan } = await client.imports.get(id, signal);
    if (plan !== undefined) prediction.add(plan);
  }
  if (!json) await showFailures(client, ids, input, prediction, signal);
  if (result !== undefined) await collectResults(client, ids, result, signal);
  await state.finish();
  if (json) data(`${jsonOf(prediction)}\n`);
  else {
    message(sentenceOf(prediction, kind) + (result === undefined ? '' : `; predictions in ${result}`));
    const path = statePath(input.source, { ...options, mode: 'plan' });
    message(`Nothing was imported. To import, run: ${commandName()} apply --state ${path}`);
  }
  return prediction.fail > 0 ? ExitCode.itemsFailed : ExitCode.ok;
}

/** `20 videos: 17 to create, 2 to update, 0 to skip, 1 will fail; 1.2 GB to download, about 3 min 20 s` */
function sentenceOf({ create, update, skip, fail, ...prediction }: Prediction, noun: string): string {
  const { estimatedSeconds } = prediction;
  const time =
    estimatedSeconds === null || create + update === 0 ? '' : `, about ${duration(estimatedSeconds)}`;
  return (
    `${counted(create + update + skip + fail, noun)}: ${create} to create, ${update} to update, ${skip} to skip, ` +
    `${fail} will fail; ${bytes(prediction.bytes)} to download${time}`
  );
}

/** Lists the entries that will fail, with their lines. */
async function showFailures(
  client: Client,
  ids: readonly string[],
  { source, lineOf }: CheckedInput,
  { fail }: Prediction,
  signal: AbortSignal,
): Promise<void> {
  let shown = 0;
  for (const id of ids) {
    for await (const { externalId, prediction } of client.imports.items(id, { signal })) {
      if (shown === Math.min(fail, MAX_SHOWN_FAILURES)) break;
      if (prediction?.action !== 'fail') continue;
      shown += 1;
      const line = lineOf(externalId);
      const place = `${nameOf(source)}${line === undefined ? '' : `:${line}`}`;
      message(`${place} ${externalId}: ${prediction.code ?? 'UNKNOWN'}: ${prediction.reason ?? ''}`);
    }
  }
  if (fail > shown) message(`… and ${fail - shown} more`);
}
