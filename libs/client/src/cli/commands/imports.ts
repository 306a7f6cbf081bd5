import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ItemSubset, ReportFormat } from '../../imports.js';
import { ExitCode } from '../exit-codes.js';
import { data, message } from '../output.js';
import { openClient, type ServerOptions } from '../session.js';
import { followImports, importsOf, type FollowOptions, type NamedOptions } from './follow.js';

/** Follows imports, those of the arguments or of a state file, to the end. */
export async function watch(
  ids: readonly string[],
  options: FollowOptions,
  signal: AbortSignal,
): Promise<number> {
  return followImports(await importsOf(ids, options), options, signal);
}

/** Prints one import as JSON. */
export async function status(id: string, options: ServerOptions): Promise<number> {
  const client = await openClient(options);
  data(`${JSON.stringify(await client.imports.get(id), null, 2)}\n`);
  return ExitCode.ok;
}

export interface SubsetOptions extends NamedOptions {
  readonly code?: string;
  readonly host?: string;
  readonly id: readonly string[];
  readonly dryRun: boolean;
}

/** Runs failed items again: all, or those that the filters select. */
export async function retry(ids: readonly string[], options: SubsetOptions): Promise<number> {
  const imports = await importsOf(ids, options);
  let retried = 0;
  for (const id of imports.ids) retried += await imports.client.imports.retry(id, subsetOf(options));
  message(`${options.dryRun ? 'Would run' : 'Running'} ${items(retried)} again`);
  return ExitCode.ok;
}

/** Cancels unfinished items: all, or those that the filters select. */
export async function cancel(ids: readonly string[], options: SubsetOptions): Promise<number> {
  const imports = await importsOf(ids, options);
  let cancelled = 0;
  for (const id of imports.ids) cancelled += await imports.client.imports.cancel(id, subsetOf(options));
  message(`${options.dryRun ? 'Would cancel' : 'Cancelled'} ${items(cancelled)}`);
  return ExitCode.ok;
}

function subsetOf({ code, host, id, dryRun }: SubsetOptions): ItemSubset {
  return {
    ...(code !== undefined && { code }),
    ...(host !== undefined && { host }),
    ...(id.length > 0 && { externalIds: [...id] }),
    ...(dryRun && { dryRun }),
  };
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

function items(count: number): string {
  return `${count} ${count === 1 ? 'item' : 'items'}`;
}
