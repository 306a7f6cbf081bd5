import type { ItemState } from './import-data.js';
import type { ItemsFilter } from './items-filter.js';

/** What can be done to a subset. */
export type Action = 'retry' | 'cancel';

/** Items that a retry or a cancellation is about; an item has to satisfy every field. */
export interface Subset {
  code?: string;
  host?: string;
  httpStatus?: number | 'none';
  state?: ItemState;
  q?: string;
  externalIds?: string[];
}

/** States of items that an action can be about. */
const STATES: Readonly<Record<Action, readonly string[]>> = {
  retry: ['', 'failed'],
  cancel: ['', 'pending', 'running', 'planned'],
};

/**
 * The selection, else what the filter shows, if the API can express it: it knows nothing of predictions and runs.
 *
 * @returns undefined if nothing is selected, and there is no filter, or none that the action can be about
 */
export function subsetOf(
  { predicted, drift, run, httpStatus, ...filter }: ItemsFilter,
  selection: ReadonlySet<string>,
  action: Action,
): Subset | undefined {
  if (selection.size > 0) return { externalIds: [...selection] };
  if (predicted !== '' || drift !== '' || run !== '' || !STATES[action].includes(filter.state))
    return undefined;
  const given = Object.entries(filter).filter(([, value]) => value !== '');
  const subset: Subset = Object.fromEntries(given);
  if (httpStatus !== '') subset.httpStatus = httpStatus === 'none' ? httpStatus : Number(httpStatus);
  return Object.keys(subset).length === 0 ? undefined : subset;
}
