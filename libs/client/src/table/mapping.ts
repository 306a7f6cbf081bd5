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
} as const;

/** Columns of the fields that every entry has; undefined if none looks like it. */
export type FieldColumns = { readonly [Field in keyof typeof NAMES]?: string | undefined };

/** Finds the columns of fields by their names. */
export function guessColumns(columns: readonly string[]): FieldColumns {
  return {
    id: byName(columns, NAMES.id),
    url: byName(columns, NAMES.url),
    title: byName(columns, NAMES.title),
    sha256: byName(columns, NAMES.sha256),
    size: byName(columns, NAMES.size),
  };
}

/** A column of this name holds the metadata as a whole. */
export const METADATA = 'metadata';

export interface MappedFields extends FieldColumns {
  readonly id: string;
  readonly url: string;
}

/**
 * Completes a mapping: all other columns become metadata.
 *
 * @param ignore columns that are left out
 * @param hasWhole whether the column `metadata`, if there is one, holds the metadata as a whole
 */
export function completeMapping(
  columns: readonly string[],
  { id, url, ...optional }: MappedFields,
  ignore: ReadonlySet<string>,
  hasWhole = true,
): Mapping {
  const [title, sha256, size] = [optional.title ?? null, optional.sha256 ?? null, optional.size ?? null];
  const wholeMetadata = hasWhole && columns.includes(METADATA) ? METADATA : null;
  const used = new Set([id, url, title, sha256, size, wholeMetadata, ...ignore]);
  const rest = columns.filter((column) => !used.has(column) && column !== '');
  const metadata = Object.fromEntries(rest.map((name) => [name, name]));
  return { id, url, title, sha256, size, wholeMetadata, metadata };
}

/** @param names without spaces, `-` and `_`, in lower case */
export function byName(columns: readonly string[], names: readonly string[]): string | undefined {
  const plain = new Map(columns.map((column) => [column.toLowerCase().replace(/[\s_-]/g, ''), column]));
  return names.map((name) => plain.get(name)).find((column) => column !== undefined);
}
