import { CommandError, ExitCode } from '../exit-codes.js';

/** Which columns of the input become which fields of an entry. */
export interface Mapping {
  readonly id: string;
  readonly url: string;
  /** Null: the last segment of the URL is the title. */
  readonly title: string | null;
  /** Columns by the name of their metadata field. */
  readonly metadata: Readonly<Record<string, string>>;
  /** A column with an object that becomes the metadata as a whole, in JSON inputs. */
  readonly wholeMetadata: string | null;
}

/** Accepted names of the column of the id, compared without case, spaces, `-` and `_`. */
export const ID_NAMES = ['id', 'externalid', 'videoid', 'assetid', 'guid', 'uid', 'identifier'];

const NAMES = {
  id: ID_NAMES,
  url: [
    'url',
    'videourl',
    'downloadurl',
    'sourceurl',
    'source',
    'src',
    'link',
    'href',
    'uri',
    'file',
    'fileurl',
  ],
  title: ['title', 'filename', 'name', 'headline', 'caption', 'label', 'titel', 'dateiname', 'bezeichnung'],
};

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
  const id = map.get('id') ?? byName(columns, NAMES.id);
  const url = map.get('url') ?? byName(columns, NAMES.url);
  const title = map.get('title') ?? byName(columns, NAMES.title) ?? null;
  const missing = [...(id === undefined ? ['id'] : []), ...(url === undefined ? ['url'] : [])];
  if (id === undefined || url === undefined) {
    const flags = missing.map((field) => `--map ${field}=COLUMN`).join(' ');
    throw new CommandError(
      `No column looks like the ${missing.join(' and the ')}. Name it with ${flags}. Columns: ${columns.join(', ')}`,
      ExitCode.usage,
    );
  }
  const wholeMetadata = !map.has('metadata') && columns.includes('metadata') ? 'metadata' : null;
  const used = new Set([id, url, title, wholeMetadata, ...ignore]);
  const rest = columns.filter((column) => !used.has(column) && column !== '');
  return { id, url, title, wholeMetadata, metadata: Object.fromEntries(rest.map((name) => [name, name])) };
}

/** One line for people: which column becomes what. */
export function describeMapping({ id, url, title, metadata, wholeMetadata }: Mapping): string {
  const fields = [
    `id=${id}`,
    `url=${url}`,
    `title=${title ?? '(last part of the URL)'}`,
    ...(wholeMetadata === null ? [] : [`metadata=${wholeMetadata}`]),
  ];
  const rest = Object.keys(metadata);
  return `Columns: ${fields.join(', ')}${rest.length === 0 ? '' : `; metadata: ${rest.join(', ')}`}`;
}

/** @param names without spaces, `-` and `_`, in lower case */
export function byName(columns: readonly string[], names: readonly string[]): string | undefined {
  const plain = new Map(columns.map((column) => [column.toLowerCase().replace(/[\s_-]/g, ''), column]));
  return names.map((name) => plain.get(name)).find((column) => column !== undefined);
}
