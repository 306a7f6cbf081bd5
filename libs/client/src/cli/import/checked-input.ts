import { CommandError, ExitCode } from '../exit-codes.js';
import { detectFormat, type Detected, type InputFormat } from '../input/format.js';
import { describeMapping, mapColumns, type Mapping } from '../input/mapping.js';
import { readMapping, writeMapping } from '../input/mapping-file.js';
import { columnsOf } from '../input/rows.js';
import { openSource, type Source } from '../input/source.js';
import { message } from '../output.js';
import { batchesOf, checkInput, describeFault, type Checked } from './check.js';
import type { Entry } from '../input/entry.js';

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
    const { detected, mapping, columns } = await understand(source, options);
    const checked = await checkInput(source, detected, mapping, columns);
    if (checked.faultCount > 0) return refuse(source, checked);
    if (checked.entries === 0) throw new CommandError(`${file} has no entries`, ExitCode.input);
    message(`${checked.entries} ${options.kind}, no faults`);
    return await use({
      source,
      mapping,
      lineOf: (externalId) => checked.ids.lineOf(externalId),
      batches: (size) => batchesOf(source, detected, mapping, columns, size),
    });
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
async function understand(source: Source, options: InputOptions): Promise<Understood> {
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
    `${nameOf(source)}: ${format.toUpperCase()}, ${source.encoding}` +
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

/** For messages. */
export function nameOf({ name }: Source): string {
  return name === '-' ? 'stdin' : name;
}
