import type { components } from '#libs/client';
import { ask } from '../../api/ask.js';

type Schemas = components['schemas'];
export type ImportSummary = Schemas['ImportDto'];
export type Item = Schemas['ImportItemDto'];
export type ItemState = Item['state'];

/** Failed items with the same code, host and HTTP status. */
export type FailureGroup = Schemas['FailureGroupDto'];
/** An item with all that is known of it. */
export type ItemDetail = Schemas['ItemDetailDto'];

/** What the list of items shows, as in the URL. Empty values do not filter. */
export interface ItemsFilter {
  state: string;
  code: string;
  host: string;
  q: string;
}

export function loadImport(id: string, signal?: AbortSignal): Promise<ImportSummary> {
  return ask((api) =>
    api.GET('/api/v1/imports/{id}', { params: { path: { id } }, ...(signal && { signal }) }),
  );
}

export function finishedOf({ progress }: ImportSummary): number {
  return progress.total - progress.pending;
}

/** Whether something changes by itself. */
export function isBusy({ finishedAt }: ImportSummary): boolean {
  return finishedAt === null;
}
