/** Fields to search by; the default comes first. */
export const SEARCHED = ['title', 'externalId', 'sha256'] as const;

/** As in the URL; empty values do not filter. */
export interface LibraryFilter {
  text: string;
  /** One of `SEARCHED`. */
  by: string;
  kind: string;
  /** Cursor of the previous page; empty for the first one. */
  after: string;
}

const HASH = /^[0-9a-f]{64}$/i;

/** A hash is looked for as such, whatever is searched. */
export function queryOf({ text, by, kind, after }: LibraryFilter): Record<string, string> {
  const key = HASH.test(text) ? 'sha256' : (SEARCHED.find((name) => name === by) ?? 'title');
  return {
    ...(text !== '' && { [key]: text }),
    ...(kind !== '' && { kind }),
    ...(after !== '' && { after }),
  };
}
