import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReportFormat } from '../../imports.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { Progress } from '../import/progress.js';
import { collectResults } from '../import/results.js';
import { StateFile } from '../import/state-file.js';
import { watchImports } from '../import/watch.js';
import { data, message } from '../output.js';
import { openClient, type ServerOptions } from '../session.js';
import { progressMode, summarize } from './import.js';

export interface WatchOptions extends ServerOptions {
  readonly state?: string;
  readonly result?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Follows imports, those of the arguments or of a state file, to the end. */
export async function watch(
  ids: readonly string[],
  options: WatchOptions,
  signal: AbortSignal,
): Promise<number> {
  const saved = options.state === undefined ? undefined : await StateFile.batchesOf(options.state);
  const all = [...ids, ...(saved?.batches.map(({ importId }) => importId) ?? [])];
  if (all.length === 0) throw new CommandError('Name an import or a state file (--state)', ExitCode.usage);
  const client = await openClient({ ...options, ...(saved && { url: options.url ?? saved.server }) });
  const kind = saved?.kind ?? 'items';
  const counters = await watchImports(client, all, new Progress(progressMode(options), kind), signal);
  const failures = await collectResults(client, all, options.result, signal);
  return summarize(counters, failures, { ...options, kind });
}

/** Prints one import as JSON. */
export async function status(id: string, options: ServerOptions): Promise<number> {
  const client = await openClient(options);
  data(`${JSON.stringify(await client.imports.get(id), null, 2)}\n`);
  return ExitCode.ok;
}

export async function retry(id: string, options: ServerOptions): Promise<number> {
  const retried = await (await openClient(options)).imports.retry(id);
  message(`${retried} items run again`);
  return ExitCode.ok;
}

export async function cancel(id: string, options: ServerOptions): Promise<number> {
  const cancelled = await (await openClient(options)).imports.cancel(id);
  message(`${cancelled} items cancelled`);
  return ExitCode.ok;
}

export interface ReportOptions extends ServerOptions {
  readonly format: ReportFormat;
  readonly output?: string;
}

/** Writes the report of an import to a file or stdout. */
export async function report(id: string, options: ReportOptions, signal: AbortSignal): Promise<number> {
  const client = await openClient(options);
  const body = Readable.fromWeb(await client.imports.report(id, options.format, signal));
  if (options.output === undefined) await pipeline(body, process.stdout, { signal, end: false });
  else await pipeline(body, createWriteStream(options.output), { signal });
  return ExitCode.ok;
}
