import type { Detected } from '../input/format.js';
import { toEntry, type Entry } from '../input/entry.js';
import type { Mapping } from '../input/mapping.js';
import { readRows, type Fault } from '../input/rows.js';
import { SeenIds } from '../input/seen-ids.js';
import type { Source } from '../input/source.js';

/** More would hide what the first ones say. */
export const MAX_SHOWN_FAULTS = 100;

export interface Checked {
  readonly entries: number;
  /** The first `MAX_SHOWN_FAULTS`. */
  readonly faults: readonly Fault[];
  readonly faultCount: number;
  /** Lines of the ids. */
  readonly ids: SeenIds;
}

/** Checks the whole input before anything is sent. */
export async function checkInput(
  source: Source,
  detected: Detected,
  mapping: Mapping,
  columns: readonly string[],
): Promise<Checked> {
  const seen = new SeenIds();
  const faults: Fault[] = [];
  let entries = 0;
  let faultCount = 0;
  const report = (fault: Fault): void => {
    faultCount += 1;
    if (faults.length < MAX_SHOWN_FAULTS) faults.push(fault);
  };
  for await (const item of readRows(source, detected)) {
    if ('fault' in item) {
      report(item.fault);
      continue;
    }
    const made = toEntry(item.row, mapping, columns);
    if ('faults' in made) {
      made.faults.forEach(report);
      continue;
    }
    entries += 1;
    const { line } = item.row;
    const earlier = seen.add(made.entry.id, line);
    if (earlier === undefined) continue;
    const column = columns.indexOf(mapping.id) + 1;
    report({
      line,
      column: column === 0 ? undefined : column,
      field: mapping.id,
      sentence: `Duplicates the id of line ${earlier}`,
    });
  }
  return { entries, faults, faultCount, ids: seen };
}

/** Groups the entries of a checked input into batches. */
export async function* batchesOf(
  source: Source,
  detected: Detected,
  mapping: Mapping,
  columns: readonly string[],
  size: number,
): AsyncGenerator<Entry[]> {
  let batch: Entry[] = [];
  for await (const item of readRows(source, detected)) {
    if ('fault' in item)
      throw new Error(`The input changed after it was checked, at line ${item.fault.line}`);
    const made = toEntry(item.row, mapping, columns);
    if ('faults' in made) throw new Error(`The input changed after it was checked, at line ${item.row.line}`);
    batch.push(made.entry);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** `archive.csv:17:3 url: Must start with http:// or https://` */
export function describeFault(file: string, { line, column, field, sentence }: Fault): string {
  const place = `${file === '-' ? 'stdin' : file}:${line}${column === undefined ? '' : `:${column}`}`;
  return `${place} ${field === undefined ? '' : `${field}: `}${sentence}`;
}
