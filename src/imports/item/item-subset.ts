import type { ItemState } from './transitions.js';

/** Selects items of one import: an item must satisfy every condition. */
export interface ItemSubset {
  /** Failure code. */
  code?: string | undefined;
  /** `origin_host`. */
  host?: string | undefined;
  externalIds?: readonly string[] | undefined;
  states?: readonly ItemState[] | undefined;
  /** Text in the external id or the title, in any case. */
  q?: string | undefined;
}

/** Parameters of {@link inSubset}, in order. */
export type SubsetParams = readonly [
  code: string | null,
  host: string | null,
  externalIds: readonly string[] | null,
  states: readonly string[] | null,
  pattern: string | null,
];

/**
 * SQL condition of a subset, for five consecutive parameters. The ids are a subquery, so that PostgreSQL hashes them:
 * comparing 10 000 items with 10 000 ids one by one takes seconds.
 *
 * @param first number of the first parameter
 */
export function inSubset(first: number): string {
  const place = (index: number): string => `$${first + index}`;
  const [code, host, ids, states] = [place(0), place(1), place(2), place(3)];
  return `(${code}::text IS NULL OR code = ${code}) AND (${host}::text IS NULL OR origin_host = ${host})
     AND (${ids}::text[] IS NULL OR external_id IN (SELECT unnest(${ids}::text[])))
     AND (${states}::text[] IS NULL OR state = ANY(${states}))
     AND (${place(4)}::text IS NULL OR ${containing(place(4))})`;
}

export function subsetParams({ code, host, externalIds, states, q }: ItemSubset): SubsetParams {
  const pattern = q === undefined ? null : likePattern(q);
  return [code ?? null, host ?? null, externalIds ?? null, states ?? null, pattern];
}

export function isEverything(subset: ItemSubset): boolean {
  return Object.values(subset).every((condition) => condition === undefined);
}

/** SQL: whether the external id or the title matches a pattern. @param table prefix of the columns */
export function containing(pattern: string, table = ''): string {
  return `(${table}external_id ILIKE ${pattern} OR ${table}title ILIKE ${pattern})`;
}

/** The `LIKE` pattern of a text anywhere, without the meaning of its wildcards. */
export function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
