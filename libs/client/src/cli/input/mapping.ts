import { CommandError, ExitCode } from '../exit-codes.js';

/** Which columns of the input become which fields of an entry. */
export interface Mapping {
  readonly id: string;
  readonly url: string;
  /** Null: the last segment of the URL is the title. */
  readonly title: string | null;
  /** Expected hash and size; absent in mappings of earlier releases. */
  readonly sha256?: string | null;
  readonly size?: string | null;
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
  sha256: ['sha256', 'sha256sum', 'checksum', 'checksumsha256', 'hash', 'prüfsumme'],
  size: ['size', 'sizebytes', 'filesize', 'bytes', 'contentlength', 'dateigröße'],
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
  const sha256 = map.get('sha256') ?? byName(columns, NAMES.sha256) ?? null;
  const size = map.get('size') ?? byName(columns, NAMES.size) ?? null;
  const missing = [...(id === undefined ? ['id'] : []), ...(url === undefined ? ['url'] : [])];
  if (id === undefined || url === undefined) {
    const flags = missing.map((field) => `--map ${field}=COLUMN`).join(' ');
    throw new CommandError(
      `No column looks like the ${missing.join(' and the ')}. Name it with ${flags}. Columns: ${columns.join(', ')}`,
      ExitCode.usage,
    );
  }
  const wholeMetadata = !map.has('metadata') && columns.includes('metadata') ? 'metadata' : null;
  const used = new Set([id, url, title, sha256, size, wholeMetadata, ...ignore]);
  const rest = columns.filter((column) => !used.has(column) && column !== '');
  const metadata = Object.fromEntries(rest.map((name) => [name, name]));
  const given = (column: string | null): string | null =>
    column !== null && ignore.has(column) ? null : column;
  return { id, url, title, sha256: given(sha256), size: given(size), wholeMetadata, metadata };
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

/** @param names without spaces, `-` and `_`, in lower case */
export function byName(columns: readonly string[], names: readonly string[]): string | undefined {
  const plain = new Map(columns.map((column) => [column.toLowerCase().replace(/[\s_-]/g, ''), column]));
  return names.map((name) => plain.get(name)).find((column) => column !== undefined);
}
