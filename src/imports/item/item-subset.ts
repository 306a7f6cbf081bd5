/** Selects items of one import: an item must satisfy every condition. */
export interface ItemSubset {
  /** Failure code. */
  code?: string | undefined;
  /** `origin_host`. */
  host?: string | undefined;
  externalIds?: readonly string[] | undefined;
}

/** Parameters of {@link inSubset}, in order. */
export type SubsetParams = readonly [
  code: string | null,
  host: string | null,
  externalIds: readonly string[] | null,
];

/**
 * SQL condition of a subset, for three consecutive parameters. The ids are a subquery, so that PostgreSQL hashes them:
 * comparing 10 000 items with 10 000 ids one by one takes seconds.
 *
 * @param first number of the first parameter
 */
export function inSubset(first: number): string {
  const [code, host, ids] = [first, first + 1, first + 2].map((number) => `$${number}`);
  return `(${code}::text IS NULL OR code = ${code}) AND (${host}::text IS NULL OR origin_host = ${host})
     AND (${ids}::text[] IS NULL OR external_id IN (SELECT unnest(${ids}::text[])))`;
}

export function subsetParams({ code, host, externalIds }: ItemSubset): SubsetParams {
  return [code ?? null, host ?? null, externalIds ?? null];
}

export function isEverything({ code, host, externalIds }: ItemSubset): boolean {
  return code === undefined && host === undefined && externalIds === undefined;
}
