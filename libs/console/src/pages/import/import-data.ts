import type { components } from '#libs/client';
import { ask } from '../../api/ask.js';

type Schemas = components['schemas'];
export type ImportSummary = Schemas['ImportDto'];
export type Item = Schemas['ImportItemDto'];
export type ItemState = Item['state'];

/** Failed items with the same code, host and HTTP status. */
export type FailureGroup = Schemas['FailureGroupDto'];
/** Items of an import from one host, and the throttle of the host. */
export type ImportHost = Schemas['ImportHostDto'];
export type ImportHosts = Schemas['ImportHostsDto'];
export type Plan = Schemas['PlanDto'];
/** An item with all that is known of it. */
export type ItemDetail = Schemas['ItemDetailDto'];

export function loadImport(id: string, signal?: AbortSignal): Promise<ImportSummary> {
  return ask((api) =>
    api.GET('/api/v1/imports/{id}', { params: { path: { id } }, ...(signal && { signal }) }),
  );
}

export function loadHosts(id: string, signal: AbortSignal): Promise<ImportHosts> {
  return ask((api) => api.GET('/api/v1/imports/{id}/hosts', { params: { path: { id } }, signal }));
}

export function finishedOf({ progress }: ImportSummary): number {
  return progress.total - progress.pending;
}

/** Whether items ran again, or a plan was applied, so that its times are those of the latest run. */
export function hasRunAgain({ createdAt, startedAt, notBefore }: ImportSummary): boolean {
  return startedAt !== createdAt && startedAt !== notBefore;
}

/** Whether something changes by itself. */
export function isBusy({ finishedAt }: ImportSummary): boolean {
  return finishedAt === null;
}
