import type { FailureGroup } from './import-data.js';

/** A value of a filter, and the items that have it. */
export interface ValueCount {
  value: string;
  count: number;
}

/** Failure codes of an import, the most frequent one first. */
export function countsByCode(groups: readonly Pick<FailureGroup, 'code' | 'count'>[]): ValueCount[] {
  const counts = new Map<string, number>();
  for (const { code, count } of groups) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((one, other) => other.count - one.count || one.value.localeCompare(other.value));
}

/** Options of a select. The chosen value is one of them, also if no item has it (any more). */
export function optionsOf(
  counts: readonly ValueCount[],
  chosen: string,
  named: (value: string, count: number) => string,
): Array<{ value: string; label: string }> {
  const options = counts.map(({ value, count }) => ({ value, label: named(value, count) }));
  if (chosen === '' || counts.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: chosen }];
}
