import { columnsOf } from '../../table/rows.js';
import { detectFormat, type Detected, type InputFormat } from '../../table/format.js';
import { describeDetected, noColumns } from '../import/checked-input.js';
import { describeManifest, mapManifest, type ManifestMapping } from '../input/manifest-mapping.js';
import { readMapping } from '../input/mapping-file.js';
import { openSource, type Source } from '../input/source.js';
import { message } from '../output.js';

export interface ManifestOptions {
  readonly format?: InputFormat;
  readonly delimiter?: string;
  readonly map: ReadonlyMap<string, string>;
  readonly mapping?: string;
}

export interface Manifest {
  readonly source: Source;
  readonly detected: Detected;
  readonly mapping: ManifestMapping;
}

/** Opens a list as a manifest, and says how it is read. */
export async function openManifest(file: string, options: ManifestOptions): Promise<Manifest> {
  const source = await openSource(file);
  try {
    const detected = await detectFormat(source, options.format, options.delimiter);
    message(describeDetected(source, detected));
    const columns = await columnsOf(source, detected);
    if (columns.length === 0) throw await noColumns(source, detected);
    const saved = options.mapping === undefined ? undefined : await readMapping(options.mapping, columns);
    const mapping = mapManifest(columns, options.map, saved?.id);
    message(describeManifest(mapping));
    return { source, detected, mapping };
  } catch (error) {
    await source.remove();
    throw error;
  }
}
