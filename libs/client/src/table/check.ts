import { toEntry, type Entry } from './entry.js';
import { problem, type Fault } from './fault.js';
import type { Detected } from './format.js';
import type { TableInput } from './input.js';
import type { Mapping } from './mapping.js';
import { readRows } from './rows.js';

/** More would hide what the first ones say. */
export const MAX_SHOWN_FAULTS = 100;

export interface Checked {
  readonly entries: number;
  /** The first `MAX_SHOWN_FAULTS`. */
  readonly faults: readonly Fault[];
  readonly faultCount: number;
}

/** Lines of ids. */
export interface IdLines {
  /** @returns the line on which the id was first seen; undefined if it is new */
  add(id: string, line: number): number | undefined;
}

/** How an input is read. */
export interface Understood {
  readonly detected: Detected;
  readonly mapping: Mapping;
  readonly columns: readonly string[];
}

/**
 * Checks the whole input before anything is sent.
 *
 * @param ids empty; knows the lines of all ids afterwards
 * @throws the reason of the signal
 */
export async function checkInput(
  input: TableInput,
  { detected, mapping, columns }: Understood,
  ids: IdLines,
  signal?: AbortSignal,
): Promise<Checked> {
  const faults: Fault[] = [];
  let entries = 0;
  let faultCount = 0;
  const report = (fault: Fault): void => {
    faultCount += 1;
    if (faults.length < MAX_SHOWN_FAULTS) faults.push(fault);
  };
  for await (const item of readRows(input, detected)) {
    signal?.throwIfAborted();
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
    const earlier = ids.add(made.entry.id, line);
    if (earlier === undefined) continue;
    const column = columns.indexOf(mapping.id) + 1;
    report({
      line,
      column: column === 0 ? undefined : column,
      field: mapping.id,
      ...problem('duplicate', earlier),
    });
  }
  return { entries, faults, faultCount };
}

/** Groups the entries of a checked input into batches. */
export async function* batchesOf(
  input: TableInput,
  { detected, mapping, columns }: Understood,
  size: number,
): AsyncGenerator<Entry[]> {
  let batch: Entry[] = [];
  for await (const item of readRows(input, detected)) {
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
