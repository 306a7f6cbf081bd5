import { CommandError, ExitCode } from '../exit-codes.js';
import { describeMapping, mapColumns } from '../input/mapping.js';
import { readMapping, writeMapping } from '../input/mapping-file.js';
import { SeenIds } from '../input/seen-ids.js';
import { openSource, type Source } from '../input/source.js';
import { message } from '../output.js';
import { batchesOf, checkInput, type Checked, type Understood } from '../../table/check.js';
import type { Entry } from '../../table/entry.js';
import type { Fault } from '../../table/fault.js';
import { detectFormat, type Detected, type InputFormat } from '../../table/format.js';
import type { Mapping } from '../../table/mapping.js';
import { columnsOf, readRows } from '../../table/rows.js';
import { counted } from './units.js';

/** Options that say how an input is read. */
export interface InputOptions {
  readonly kind: string;
  readonly format?: InputFormat;
  readonly delimiter?: string;
  readonly map: ReadonlyMap<string, string>;
  readonly ignore: ReadonlySet<string>;
  readonly mapping?: string;
}

/** An input without faults. */
export interface CheckedInput {
  readonly source: Source;
  readonly mapping: Mapping;
  /** Line of an entry; undefined if the input does not have it. */
  readonly lineOf: (externalId: string) => number | undefined;
  readonly batches: (size: number) => AsyncIterable<readonly Entry[]>;
}

/**
 * Reads and checks an input before anything is sent, and passes it on if it has no faults.
 *
 * @param file path, or `-` for stdin
 * @returns the exit code: that of `use`, or `ExitCode.input` after the faults were listed
 */
export async function withInput(
  file: string,
  options: InputOptions,
  use: (input: CheckedInput) => Promise<number>,
): Promise<number> {
  const source = await openSource(file);
  try {
    const understood = await understand(source, options);
    const ids = new SeenIds();
    const checked = await checkInput(source, understood, ids);
    if (checked.faultCount > 0) return refuse(source, checked);
    if (checked.entries === 0) throw new CommandError(`${file} has no entries`, ExitCode.input);
    message(`${counted(checked.entries, options.kind)}, no faults`);
    return await use({
      source,
      mapping: understood.mapping,
      lineOf: (externalId) => ids.lineOf(externalId),
      batches: (size) => batchesOf(source, understood, size),
    });
  } finally {
    await source.remove();
  }
}

/** Says how the input is read, so that a wrong guess is noticed. */
async function understand(source: Source, options: InputOptions): Promise<Understood> {
  const detected = await detectFormat(source, options.format, options.delimiter);
  message(describeDetected(source, detected));
  const columns = await columnsOf(source, detected);
  if (columns.length === 0) throw await noColumns(source, detected);
  // Terminals act on the control characters of binary files.
  if (columns.some((column) => column.includes('\0'))) {
    throw new CommandError(
      `${nameOf(source)} is no text, or UTF-16 without a byte order mark`,
      ExitCode.input,
    );
  }
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
    `${nameOf(source)}: ${format.toUpperCase()}, ${source.encoding}` +
    `${source.hasBom ? ' with byte order mark' : ''}${isTable ? `, delimiter ${shownDelimiter}` : ''}`
  );
}

/** Says what is wrong with an input that has no readable entry. */
export async function noColumns(source: Source, detected: Detected): Promise<CommandError> {
  for await (const item of readRows(source, detected)) {
    if ('fault' in item) return new CommandError(describeFault(source.name, item.fault), ExitCode.input);
  }
  return new CommandError(`${nameOf(source)} has no entries`, ExitCode.input);
}

function refuse(source: Source, { faults, faultCount }: Checked): number {
  for (const fault of faults) message(describeFault(source.name, fault));
  const more = faultCount - faults.length;
  message(`${counted(faultCount, 'faults')}${more > 0 ? ` (${more} not shown)` : ''}; nothing was sent`);
  return ExitCode.input;
}

/** `archive.csv:17:3 url: Must start with http:// or https://` */
function describeFault(file: string, { line, column, field, code, sentence }: Fault): string {
  const place = `${file === '-' ? 'stdin' : file}:${line}${column === undefined ? '' : `:${column}`}`;
  const way = code === 'sha256' || code === 'size' ? `; --ignore "${field}" leaves the column out` : '';
  return `${place} ${field === undefined ? '' : `${field}: `}${sentence}${way}`;
}

/** For messages. */
export function nameOf({ name }: Source): string {
  return name === '-' ? 'stdin' : name;
}
