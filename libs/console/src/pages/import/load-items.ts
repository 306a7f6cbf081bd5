import { ask } from '../../api/ask.js';
import type { ItemState } from './import-data.js';
import type { ItemsFilter } from './items-filter.js';
import type { LoadItems } from './items-source.svelte.js';

/** Loads the items of an import that match a filter. */
export function itemsOf(id: string, filter: ItemsFilter): LoadItems {
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
  return (limit, after, signal) => {
    const query: { limit: number; state?: ItemState; after?: string } = { ...given, limit };
    if (after !== undefined) query.after = after;
    return ask((api) => api.GET('/api/v1/imports/{id}/items', { params: { path: { id }, query }, signal }));
  };
}
