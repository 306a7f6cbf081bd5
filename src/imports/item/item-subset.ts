import type { HttpStatusChoice } from '../../http/validators/http-status.js';
import type { ItemState } from './transitions.js';

/** Selects items of one import: an item must satisfy every condition. */
export interface ItemSubset {
  /** Failure code. */
  code?: string | undefined;
  /** `origin_host`. */
  host?: string | undefined;
  /** HTTP status that the last failure consists in. */
  httpStatus?: HttpStatusChoice | undefined;
  externalIds?: readonly string[] | undefined;
  states?: readonly ItemState[] | undefined;
  /** Text in the external id or the title, in any case. */
  q?: string | undefined;
}

/** Stands for "none" in SQL: no response has this status. */
const NO_STATUS = 0;

/** Parameters of {@link inSubset}, in order. */
export type SubsetParams = readonly [
  code: string | null,
  host: string | null,
  httpStatus: number | null,
  externalIds: readonly string[] | null,
  states: readonly string[] | null,
  pattern: string | null,
];

/**
 * SQL condition of a subset, for six consecutive parameters. The ids are a subquery, so that PostgreSQL hashes them:
 * comparing 10 000 items with 10 000 ids one by one takes seconds.
 *
 * @param first number of the first parameter
 */
export function inSubset(first: number): string {
  const place = (index: number): string => `$${first + index}`;
  const [code, host, status, ids, states] = [place(0), place(1), place(2), place(3), place(4)];
  return `(${code}::text IS NULL OR code = ${code}) AND (${host}::text IS NULL OR origin_host = ${host})
     AND (${status}::integer IS NULL OR ${hasStatus(status)})
     AND (${ids}::text[] IS NULL OR external_id IN (SELECT unnest(${ids}::text[])))
     AND (${states}::text[] IS NULL OR state = ANY(${states}))
     AND (${place(5)}::text IS NULL OR ${containing(place(5))})`;
}

export function subsetParams({ code, host, httpStatus, externalIds, states, q }: ItemSubset): SubsetParams {
  const pattern = q === undefined ? null : likePattern(q);
  const status = httpStatus === undefined ? null : statusParam(httpStatus);
  return [code ?? null, host ?? null, status, externalIds ?? null, states ?? null, pattern];
}

export function isEverything(subset: ItemSubset): boolean {
  return Object.values(subset).every((condition) => condition === undefined);
}

/** SQL: whether the last failure has a status, for {@link statusParam}. @param table prefix of the columns */
export function hasStatus(status: string, table = ''): string {
  return `coalesce(${table}http_status, CASE WHEN ${table}code IS NOT NULL THEN ${NO_STATUS} END) = ${status}`;
}

/** The parameter of {@link hasStatus}. */
export function statusParam(httpStatus: HttpStatusChoice): number {
  return httpStatus === 'none' ? NO_STATUS : httpStatus;
}

/** SQL: whether the external id or the title matches a pattern. @param table prefix of the columns */
export function containing(pattern: string, table = ''): string {
  return `(${table}external_id ILIKE ${pattern} OR ${table}title ILIKE ${pattern})`;
}

/** The `LIKE` pattern of a text anywhere, without the meaning of its wildcards. */
export function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
