import type { components } from '#libs/client';
import { ask } from '../../api/ask.js';

export type ImportSummary = components['schemas']['ImportDto'];

export interface ImportsFilter {
  state: string;
  systemName: string;
  /** Cursor of the previous page; empty for the first one. */
  after: string;
}

export interface LoadedImports {
  rows: ImportSummary[];
  /** News of unfinished rows that were shown, but no longer match or have moved to another page. */
  others: ImportSummary[];
  /** Undefined on the last page. */
  cursor: string | undefined;
}

const PAGE_SIZE = 50;
/** Rows that are asked for one by one. */
const MOST_OTHERS = 10;

/** @param shown rows that the reader sees */
export async function loadImports(
  filter: ImportsFilter,
  shown: readonly ImportSummary[],
  signal: AbortSignal,
): Promise<LoadedImports> {
  const { results, cursor } = await ask((api) =>
    api.GET('/api/v1/imports', { params: { query: queryOf(filter) }, signal }),
  );
  const arrived = new Set(results.map(({ id }) => id));
  const moved = shown.filter(({ id, state }) => state === 'started' && !arrived.has(id));
  const others = await Promise.all(
    moved
      .slice(0, MOST_OTHERS)
      .map(({ id }) => ask((api) => api.GET('/api/v1/imports/{id}', { params: { path: { id } }, signal }))),
  );
  return { rows: results, others, cursor };
}

function queryOf({ state, systemName, after }: ImportsFilter) {
  return {
    limit: PAGE_SIZE,
    ...(isState(state) && { state }),
    ...(systemName !== '' && { systemName }),
    ...(after !== '' && { after }),
  };
}

function isState(text: string): text is ImportSummary['state'] {
  return text !== '';
}
