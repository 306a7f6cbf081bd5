import { withoutQuery } from '../failures/without-query.js';

/** An item, as far as it is stored from the entry of its batch. */
export interface StoredEntry {
  externalId: string;
  title: string;
  payload: object;
}

/** An entry of a plain kind, as posted, besides the queries of its URLs: they may contain signatures. */
export function plainEntry({ externalId, title, payload }: StoredEntry): Record<string, unknown> {
  return {
    id: externalId,
    // Without a title it is the id.
    ...(title !== externalId && { title }),
    ...Object.fromEntries(Object.entries(payload).map(([field, value]) => [field, withoutQueries(value)])),
  };
}

function withoutQueries(value: unknown): unknown {
  if (typeof value === 'string') return /^https?:\/\//i.test(value) ? (withoutQuery(value) ?? value) : value;
  if (Array.isArray(value)) return value.map(withoutQueries);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutQueries(member)]));
}
