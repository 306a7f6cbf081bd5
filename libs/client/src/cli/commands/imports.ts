import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from '../../client.js';
import type { ImportSummary, ItemSubset, ReportFormat } from '../../imports.js';
import { chunksOf, linesOf } from '../../lines.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { counted } from '../import/units.js';
import { data, jsonOf, message, printable, printableJson } from '../output.js';
import { ofImport } from '../refusal.js';
import {
  followImports,
  importsOf,
  type FollowOptions,
  type NamedImports,
  type NamedOptions,
} from './follow.js';

const MAX_SHOWN_GROUPS = 10;

/** Follows imports, those of the arguments or of a state file, to the end. */
export async function watch(
  ids: readonly string[],
  options: FollowOptions,
  signal: AbortSignal,
): Promise<number> {
  return followImports(await importsOf(ids, options), options, signal);
}

/** Prints an import as JSON: an array if there are several, or a state file names them. */
export async function status(ids: readonly string[], options: NamedOptions): Promise<number> {
  const imports = await importsOf(ids, options);
  const summaries: ImportSummary[] = [];
  for (const id of imports.ids) summaries.push(await ofImport(id, imports.client.imports.get(id)));
  const isOne = summaries.length === 1 && options.state === undefined;
  data(`${jsonOf(isOne ? summaries[0] : summaries, 2)}\n`);
  return ExitCode.ok;
}

export interface SubsetOptions extends NamedOptions {
  readonly code?: string;
  readonly host?: string;
  readonly httpStatus?: number | 'none';
  readonly id: readonly string[];
  readonly dryRun: boolean;
}

/** Runs failed items again: all, or those that the filters select. Imports that still run are named, and left out. */
export async function retry(ids: readonly string[], options: SubsetOptions): Promise<number> {
  const { client, ids: all } = await importsOf(ids, options);
  const { count, refused } = await actOn(all, (id) => client.imports.retry(id, subsetOf(options)));
  message(`${options.dryRun ? 'Would run' : 'Running'} ${counted(count, 'items')} again`);
  if (count === 0 && refused === 0) await sayWhatFailed(client, all);
  return refused === 0 ? ExitCode.ok : ExitCode.refused;
}

/** Filters that match nothing are wrong more often than not: a host without its port, or a code of another group. */
async function sayWhatFailed(client: Client, ids: readonly string[]): Promise<void> {
  const groups = new Set<string>();
  for (const id of ids) {
    for (const { waiting, code, httpStatus, host } of await client.imports.failures(id))
      if (!waiting)
        groups.add(`${code}${httpStatus === null ? '' : ` ${httpStatus}`} from ${host ?? 'no host'}`);
  }
  if (groups.size === 0) return;
  const shown = [...groups].slice(0, MAX_SHOWN_GROUPS);
  message(`Nothing matches. Failures: ${shown.join(', ')}${groups.size > shown.length ? ', …' : ''}`);
}

/** Cancels unfinished items: all, or those that the filters select. Of several imports, some may have finished. */
export async function cancel(ids: readonly string[], options: SubsetOptions): Promise<number> {
  const { client, ids: all } = await importsOf(ids, options);
  const { count, refused } = await actOn(all, (id) => client.imports.cancel(id, subsetOf(options)));
  message(`${options.dryRun ? 'Would cancel' : 'Cancelled'} ${counted(count, 'items')}`);
  return refused < all.length ? ExitCode.ok : ExitCode.refused;
}

/** Acts on every import; those whose state does not allow it are named. */
async function actOn(
  ids: readonly string[],
  act: (id: string) => Promise<number>,
): Promise<{ readonly count: number; readonly refused: number }> {
  let count = 0;
  let refused = 0;
  for (const id of ids) {
    try {
      count += await ofImport(id, act(id));
    } catch (error) {
      if (!(error instanceof CommandError) || error.exitCode !== ExitCode.refused) throw error;
      message(error.message);
      refused += 1;
    }
  }
  return { count, refused };
}

function subsetOf({ code, host, httpStatus, id, dryRun }: SubsetOptions): ItemSubset {
  return {
    ...(code !== undefined && { code }),
    ...(host !== undefined && { host }),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(id.length > 0 && { externalIds: [...id] }),
    ...(dryRun && { dryRun }),
  };
}

export interface ReportOptions extends NamedOptions {
  readonly format: ReportFormat;
  readonly output?: string;
}

/** Writes the report of imports, one after the other, to a file or stdout. */
export async function report(
  ids: readonly string[],
  options: ReportOptions,
  signal: AbortSignal,
): Promise<number> {
  const lines = reportOf(await importsOf(ids, options), options.format, signal);
  if (options.output === undefined) {
    const shown = process.stdout.isTTY ? shownLines(lines, options.format) : lines;
    await pipeline(Readable.from(shown), process.stdout, { signal, end: false });
  } else await pipeline(Readable.from(lines), createWriteStream(options.output), { signal });
  return ExitCode.ok;
}

/** CSV has one header line. @throws CommandError if another import has another one, because it is of another kind */
async function* reportOf(
  { client, ids }: NamedImports,
  format: ReportFormat,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let header: string | undefined;
  for (const id of ids) {
    let isFirst = format === 'csv';
    const body = await ofImport(id, client.imports.report(id, format, signal));
    for await (const line of linesOf(chunksOf(body))) {
      if (isFirst && header !== undefined && header !== line)
        throw new CommandError(`${id} is of another kind: its report has other columns`, ExitCode.usage);
      if (!isFirst || header === undefined) yield `${line}\n`;
      if (isFirst) header = line;
      isFirst = false;
    }
  }
}

/** A report for a terminal, which would obey control characters. Files and other programs get it byte for byte. */
async function* shownLines(lines: AsyncIterable<string>, format: ReportFormat): AsyncGenerator<string> {
  for await (const line of lines) {
    const text = line.replace(/\r?\n$/, '');
    yield `${format === 'csv' ? printable(text) : printableJson(text)}\n`;
  }
}
