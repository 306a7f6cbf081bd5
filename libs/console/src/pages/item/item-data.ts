import { ask } from '../../api/ask.js';
import type { ItemDetail } from '../import/import-data.js';

/** A stored file as results of media kinds describe it. */
export interface StoredFile {
  url: string;
  mimeType: string;
  /** Of the medium in the library. */
  mediaId: string;
}

/** @throws Trouble; AbortError */
export function loadItem(id: string, position: string, signal: AbortSignal): Promise<ItemDetail> {
  const params = { path: { id, position } };
  return ask((api) => api.GET('/api/v1/imports/{id}/items/{position}', { params, signal }));
}

/** Attempts at an item, with the successful one; they count on when it is retried. */
export function attemptCount({ state, attempts, tries }: ItemDetail): number {
  const isDone = state === 'success' || state === 'skipped';
  return Math.max(tries, attempts.length + (isDone ? 1 : 0));
}

/** The file that an item has become, whatever its kind calls it; undefined if there is none. */
export function fileOf(item: ItemDetail): StoredFile | undefined {
  return resultsOf(item).find(isFile);
}

/** Results of an item: the objects in fields that only its kind knows. */
function resultsOf(item: ItemDetail): object[] {
  const values: unknown[] = Object.entries(item)
    .filter(([name]) => !KNOWN.has(name))
    .map(([, value]) => value);
  return values.filter((value) => typeof value === 'object' && value !== null);
}

function isFile(value: object): value is StoredFile {
  return (
    'url' in value &&
    typeof value.url === 'string' &&
    'mimeType' in value &&
    typeof value.mimeType === 'string' &&
    'mediaId' in value &&
    typeof value.mediaId === 'string'
  );
}

const KNOWN = new Set(['prediction', 'request', 'waiting', 'attempts']);
