import { CommandError, ExitCode } from '../exit-codes.js';
import { completeMapping, guessColumns, type Mapping } from '../../table/mapping.js';

export interface MappingFlags {
  /** `field=column` of `--map`. */
  readonly map: ReadonlyMap<string, string>;
  /** Columns that are left out. */
  readonly ignore: ReadonlySet<string>;
}

/**
 * Maps columns by flags, else by name; all others become metadata.
 *
 * @throws CommandError if a column does not exist, or the id or the URL cannot be found
 */
export function mapColumns(columns: readonly string[], { map, ignore }: MappingFlags): Mapping {
  for (const column of [...map.values(), ...ignore]) {
    if (!columns.includes(column)) {
      throw new CommandError(
        `The input has no column "${column}". It has: ${columns.join(', ')}`,
        ExitCode.usage,
      );
    }
  }
  const guess = guessColumns(columns);
  const id = map.get('id') ?? guess.id;
  const url = map.get('url') ?? guess.url;
  const missing = [...(id === undefined ? ['id'] : []), ...(url === undefined ? ['url'] : [])];
  if (id === undefined || url === undefined) {
    const flags = missing.map((field) => `--map ${field}=COLUMN`).join(' ');
    throw new CommandError(
      `No column looks like the ${missing.join(' and the ')}. Name it with ${flags}. Columns: ${columns.join(', ')}`,
      ExitCode.usage,
    );
  }
  const given = (column: string | undefined): string | undefined =>
    column !== undefined && ignore.has(column) ? undefined : column;
  const title = map.get('title') ?? guess.title;
  const sha256 = given(map.get('sha256') ?? guess.sha256);
  const size = given(map.get('size') ?? guess.size);
  return completeMapping(columns, { id, url, title, sha256, size }, ignore, !map.has('metadata'));
}

/** One line for people: which column becomes what. */
export function describeMapping({ id, url, title, sha256, size, metadata, wholeMetadata }: Mapping): string {
  const fields = [
    `id=${id}`,
    `url=${url}`,
    `title=${title ?? '(last part of the URL)'}`,
    ...(sha256 == null ? [] : [`sha256=${sha256}`]),
    ...(size == null ? [] : [`size=${size}`]),
    ...(wholeMetadata === null ? [] : [`metadata=${wholeMetadata}`]),
  ];
  const rest = Object.keys(metadata);
  return `Columns: ${fields.join(', ')}${rest.length === 0 ? '' : `; metadata: ${rest.join(', ')}`}`;
}
