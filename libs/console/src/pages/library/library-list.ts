import type { components } from '#libs/client';
import { ask } from '../../api/ask.js';
import { queryOf, type LibraryFilter } from './library-query.js';

export type Medium = components['schemas']['MediumDto'];

const PAGE_SIZE = 50;
export function loadMedia(
  filter: LibraryFilter,
  signal: AbortSignal,
): Promise<components['schemas']['MediaPageDto']> {
  const query = { ...queryOf(filter), limit: PAGE_SIZE };
  return ask((api) => api.GET('/api/v1/media', { params: { query }, signal }));
}
