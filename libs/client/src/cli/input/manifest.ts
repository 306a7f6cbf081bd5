import type { Detected } from '../../table/format.js';
import type { ManifestMapping } from './manifest-mapping.js';
import type { Fault } from '../../table/fault.js';
import { readRows } from '../../table/rows.js';
import type { Source } from './source.js';

/** A row of an input, as far as a manifest needs it. */
export interface ManifestRow {
  readonly line: number;
  readonly externalId: unknown;
  readonly sha256: unknown;
  readonly size: unknown;
}

/** Reads the rows of a manifest in constant memory; rows that cannot be read are reported. */
export async function* manifestRows(
  source: Source,
  detected: Detected,
  { id, sha256, size }: ManifestMapping,
  onFault: (fault: Fault) => void,
): AsyncGenerator<ManifestRow> {
  for await (const item of readRows(source, detected)) {
    if ('fault' in item) {
      onFault(item.fault);
      continue;
    }
    const { line, values } = item.row;
    const given = values[id];
    yield {
      line,
      externalId: typeof given === 'number' ? String(given) : given,
      sha256: sha256 === undefined ? undefined : blankToUndefined(values[sha256]),
      size: size === undefined ? undefined : numberOf(blankToUndefined(values[size])),
    };
  }
}

const CHUNK = 64 * 1_024;

/**
 * Writes rows as the manifest that the server takes. Each row is on the line that it has in the input, with blank lines
 * between, so that the server names the lines of the input.
 */
export async function* manifestLines(rows: AsyncIterable<ManifestRow>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let at = 1;
  let text = '';
  for await (const { line, ...fields } of rows) {
    if (line > at) text += '\n'.repeat(line - at);
    text += `${JSON.stringify(fields)}\n`;
    at = Math.max(at, line) + 1;
    if (text.length < CHUNK) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}

function blankToUndefined(value: unknown): unknown {
  const text = typeof value === 'string' ? value.trim() : value;
  return text === '' || text === null ? undefined : text;
}

/** Digits of a table are a number; the server reports anything else. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}
