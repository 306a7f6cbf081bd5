import { ask } from '../../api/ask.js';
import type { ImportSummary } from './import-data.js';
import { NO_FILTER, type ItemsFilter } from './items-filter.js';
import type { Action, Subset } from './subset.js';

/** What was done. */
export interface Acted {
  action: Action;
  /** Items that it was done to. */
  count: number;
  /** The import just before. */
  before: ImportSummary;
}

/**
 * Retries or cancels items of an import.
 *
 * @param subset all items if it is empty
 * @param dryRun only counts them
 * @returns their number
 * @throws Trouble
 */
export async function act(action: Action, id: string, subset: Subset, dryRun: boolean): Promise<number> {
  const params = { path: { id } };
  const body = { ...subset, dryRun };
  if (action === 'cancel') {
    const { cancelled } = await ask((api) => api.POST('/api/v1/imports/{id}/cancel', { params, body }));
    return cancelled;
  }
  const { retried } = await ask((api) => api.POST('/api/v1/imports/{id}/retry', { params, body }));
  return retried;
}

/** The filter that shows the items of the latest action. */
export function touchedBy(action: Action): ItemsFilter {
  return action === 'retry'
    ? { ...NO_FILTER, run: 'latest' }
    : { ...NO_FILTER, state: 'failed', code: 'CANCELLED' };
}
