import type { Prediction } from '#libs/client/table';
import { ask } from '../../api/ask.js';
import { loadImport, type ImportSummary } from '../import/import-data.js';
import type { LoadItems } from '../import/items-source.svelte.js';
import { loadTable } from './draft.svelte.js';

/** Imports of one list, together. */
export interface PostedList {
  imports: ImportSummary[];
  progress: ImportSummary['progress'];
  /** Whether something changes by itself. */
  isBusy: boolean;
  /** Whether it was planned first, applied or not. */
  isPlan: boolean;
  /** Whether all plans are complete and wait to be applied. */
  canApply: boolean;
  prediction: Prediction;
}

export async function loadPosted(ids: readonly string[], signal: AbortSignal): Promise<PostedList> {
  const [{ Prediction }, imports] = await Promise.all([
    loadTable(),
    Promise.all(ids.map((id) => loadImport(id, signal))),
  ]);
  const prediction = new Prediction();
  for (const { plan } of imports) if (plan !== undefined) prediction.add(plan);
  return {
    imports,
    progress: imports.map(({ progress }) => progress).reduce(sum),
    isBusy: imports.some(({ finishedAt }) => finishedAt === null),
    isPlan: imports.some(({ mode }) => mode === 'plan'),
    canApply: imports.some(({ state }) => state === 'planned') && imports.every(isComplete),
    prediction,
  };
}

/** Applies the plans that were not applied yet. @throws Trouble */
export async function applyAll({ imports }: PostedList): Promise<void> {
  for (const { id, state } of imports) {
    if (state !== 'planned') continue;
    await ask((api) => api.POST('/api/v1/imports/{id}/apply', { params: { path: { id } } }));
  }
}

/** Items of several imports one after the other; a cursor names the import, too. */
export function itemsOfAll(ids: readonly string[]): LoadItems {
  return async (limit, after, signal) => {
    const [place = '0', cursor = ''] = after?.split(' ') ?? [];
    const id = ids[Number(place)] ?? '';
    const query = { limit, ...(cursor !== '' && { after: cursor }) };
    const page = await ask((api) =>
      api.GET('/api/v1/imports/{id}/items', { params: { path: { id }, query }, signal }),
    );
    if (page.cursor !== undefined) return { results: page.results, cursor: `${place} ${page.cursor}` };
    const next = Number(place) + 1;
    return { results: page.results, ...(next < ids.length && { cursor: `${next} ` }) };
  };
}

function isComplete({ state, finishedAt }: ImportSummary): boolean {
  return state !== 'planned' || finishedAt !== null;
}

type Counts = ImportSummary['progress'];

function sum(one: Counts, other: Counts): Counts {
  return {
    total: one.total + other.total,
    success: one.success + other.success,
    skipped: one.skipped + other.skipped,
    failed: one.failed + other.failed,
    pending: one.pending + other.pending,
    planned: (one.planned ?? 0) + (other.planned ?? 0),
  };
}
