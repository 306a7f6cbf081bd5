import { CommandError, ExitCode } from '../exit-codes.js';
import { byName, ID_NAMES } from '../../table/mapping.js';

/** Which columns of an input become which fields of a manifest. */
export interface ManifestMapping {
  readonly id: string;
  readonly sha256: string | undefined;
  readonly size: string | undefined;
}

const SHA256_NAMES = ['sha256', 'sha256sum', 'hash', 'checksum'];
const SIZE_NAMES = ['size', 'bytes', 'filesize', 'contentlength'];

/**
 * Maps columns by flags, else by a mapping that `import` has saved, else by name.
 *
 * @throws CommandError if a column does not exist, or that of the id cannot be found
 */
export function mapManifest(
  columns: readonly string[],
  map: ReadonlyMap<string, string>,
  savedId?: string,
): ManifestMapping {
  for (const column of map.values()) {
    if (columns.includes(column)) continue;
    throw new CommandError(
      `The input has no column "${column}". It has: ${columns.join(', ')}`,
      ExitCode.usage,
    );
  }
  const id = map.get('id') ?? savedId ?? byName(columns, ID_NAMES);
  if (id === undefined) {
    throw new CommandError(
      `No column looks like the id. Name it with --map id=COLUMN. Columns: ${columns.join(', ')}`,
      ExitCode.usage,
    );
  }
  return {
    id,
    sha256: map.get('sha256') ?? byName(columns, SHA256_NAMES),
    size: map.get('size') ?? byName(columns, SIZE_NAMES),
  };
}

/** One line for people: which column becomes what. */
export function describeManifest({ id, sha256, size }: ManifestMapping): string {
  const more = [sha256 && `sha256=${sha256}`, size && `size=${size}`].filter(Boolean);
  return `Columns: ${[`id=${id}`, ...more].join(', ')}`;
}
