import { resolve } from 'node:path';
import type { Client } from '../../client.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { batchesOf, checkInput, describeFault, type Checked } from '../import/check.js';
import { Progress, type Counters, type ProgressMode } from '../import/progress.js';
import { collectResults } from '../import/results.js';
import { StateFile } from '../import/state-file.js';
import { watchImports } from '../import/watch.js';
import { detectFormat, type Detected, type InputFormat } from '../input/format.js';
import { describeMapping, mapColumns, type Mapping } from '../input/mapping.js';
import { readMapping, writeMapping } from '../input/mapping-file.js';
import { columnsOf } from '../input/rows.js';
import { openSource, type Source } from '../input/source.js';
import { message } from '../output.js';
import { openClient, type ServerOptions } from '../session.js';

export interface ImportOptions extends ServerOptions {
  readonly system: string;
  readonly kind: string;
  readonly format?: InputFormat;
  readonly delimiter?: string;
  readonly map: ReadonlyMap<string, string>;
  readonly ignore: ReadonlySet<string>;
  readonly mapping?: string;
  readonly batch: number;
  readonly state?: string;
  readonly result?: string;
  readonly webhook?: string;
  readonly watch: boolean;
  readonly check: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Imports a list: checks it, posts it in batches, follows it to the end, and writes the results. */
export async function importFile(file: string, options: ImportOptions, signal: AbortSignal): Promise<number> {
  const source = await openSource(file);
  try {
    const { detected, mapping, columns } = await understand(source, options);
    const checked = await checkInput(source, detected, mapping, columns);
    if (checked.faultCount > 0) return refuse(source, checked);
    if (checked.entries === 0) throw new CommandError(`${file} has no entries`, ExitCode.input);
    message(`${checked.entries} ${options.kind}, no faults`);
    if (options.check) return ExitCode.ok;
    const client = await openClient(options);
    const state = await StateFile.open(statePath(source, options), {
      server: client.url,
      inputSha256: source.sha256,
      kind: options.kind,
      systemName: options.system,
      batchSize: options.batch,
      mapping,
    });
    try {
      if (state.resumed) message(`Continuing after ${state.batches.length} batches`);
      await post(
        client,
        state,
        batchesOf(source, detected, mapping, columns, options.batch),
        options,
        signal,
      );
      return await finish(client, state, options, signal);
    } finally {
      await state.close();
    }
  } finally {
    await source.remove();
  }
}

interface Understood {
  readonly detected: Detected;
  readonly mapping: Mapping;
  readonly columns: readonly string[];
}

/** Says how the input is read, so that a wrong guess is noticed. */
async function understand(source: Source, options: ImportOptions): Promise<Understood> {
  const detected = await detectFormat(source, options.format, options.delimiter);
  message(describeDetected(source, detected));
  const columns = await columnsOf(source, detected);
  if (columns.length === 0) throw new CommandError(`${source.name} has no entries`, ExitCode.input);
  const saved = options.mapping === undefined ? undefined : await readMapping(options.mapping, columns);
  const mapping = saved ?? mapColumns(columns, options);
  if (options.mapping !== undefined && saved === undefined) await writeMapping(options.mapping, mapping);
  message(describeMapping(mapping));
  return { detected, mapping, columns };
}

/** Format, encoding and delimiter of an input, so that a wrong guess is noticed. */
export function describeDetected(source: Source, { format, delimiter }: Detected): string {
  const isTable = format === 'csv' || format === 'tsv';
  const shownDelimiter = delimiter === '\t' ? 'tab' : `"${delimiter}"`;
  return (
    `${source.name === '-' ? 'stdin' : source.name}: ${format.toUpperCase()}, ${source.encoding}` +
    `${source.hasBom ? ' with byte order mark' : ''}${isTable ? `, delimiter ${shownDelimiter}` : ''}`
  );
}

function refuse(source: Source, { faults, faultCount }: Checked): number {
  for (const fault of faults) message(describeFault(source.name, fault));
  const more = faultCount - faults.length;
  message(
    `${faultCount} ${faultCount === 1 ? 'fault' : 'faults'}${more > 0 ? ` (${more} not shown)` : ''}; nothing was sent`,
  );
  return ExitCode.input;
}

function statePath({ name, sha256 }: Source, { state }: ImportOptions): string {
  if (state !== undefined) return state;
  return resolve(name === '-' ? `stdin-${sha256.slice(0, 12)}.reelport.json` : `${name}.reelport.json`);
}

/** Posts the batches that no earlier run has posted. */
async function post(
  client: Client,
  state: StateFile,
  batches: AsyncIterable<ReadonlyArray<object>>,
  { kind, system, webhook }: ImportOptions,
  signal: AbortSignal,
): Promise<void> {
  let index = 0;
  for await (const entries of batches) {
    if (index >= state.batches.length) {
      const batch = { systemName: system, ...(webhook !== undefined && { webhook }), [kind]: entries };
      const idempotencyKey = state.idempotencyKey(index);
      const importId = await client.imports.create(kind, batch, { idempotencyKey, signal });
      await state.add({ importId, entries: entries.length });
    }
    index += 1;
    signal.throwIfAborted();
  }
  await state.complete();
}

async function finish(
  client: Client,
  state: StateFile,
  options: ImportOptions,
  signal: AbortSignal,
): Promise<number> {
  const ids = state.batches.map(({ importId }) => importId);
  if (!options.watch) {
    process.stdout.write(ids.map((id) => `${id}\n`).join(''));
    return ExitCode.ok;
  }
  const progress = new Progress(progressMode(options), options.kind);
  const counters = await watchImports(client, ids, progress, signal);
  const failures = await collectResults(client, ids, options.result, signal);
  return summarize(counters, failures, options);
}

export function progressMode({ json, quiet }: { json: boolean; quiet: boolean }): ProgressMode {
  if (quiet) return 'quiet';
  if (json) return 'json';
  return process.stderr.isTTY ? 'terminal' : 'lines';
}

/** Prints the totals: JSON on stdout with `--json`, sentences on stderr otherwise. */
export function summarize(
  counters: Counters,
  failures: ReadonlyMap<string, { count: number; reason: string }>,
  { json, kind, result }: Pick<ImportOptions, 'json' | 'kind' | 'result'>,
): number {
  const { total, success, skipped, failed } = counters;
  if (json) {
    const byCode = Object.fromEntries([...failures].map(([code, { count }]) => [code, count]));
    process.stdout.write(`${JSON.stringify({ ...counters, failures: byCode })}\n`);
  } else {
    message(
      `${total} ${kind}: ${success} imported, ${skipped} skipped, ${failed} failed` +
        (result === undefined ? '' : `; results in ${result}`),
    );
    const sorted = [...failures].toSorted(([, one], [, other]) => other.count - one.count);
    for (const [code, { count, reason }] of sorted) message(`  ${count} × ${code}: ${reason}`);
  }
  return failed > 0 ? ExitCode.itemsFailed : ExitCode.ok;
}
