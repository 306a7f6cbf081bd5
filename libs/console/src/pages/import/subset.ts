import type { ItemsFilter } from './import-data.js';

/** Items that a retry or a cancellation is about; an item has to satisfy every field. */
export interface Subset {
  code?: string;
  host?: string;
  externalIds?: string[];
}

/**
 * The selection, else what the filter shows, if the API can express it: it knows codes and hosts, and no text.
 *
 * @returns undefined if nothing is selected, and the filter is none or no subset
 */
export function subsetOf(filter: ItemsFilter, selection: ReadonlySet<string>): Subset | undefined {
  if (selection.size > 0) return { externalIds: [...selection] };
  const { code, host, q } = filter;
  if (q !== '' || (code === '' && host === '')) return undefined;
  return { ...(code !== '' && { code }), ...(host !== '' && { host }) };
}
