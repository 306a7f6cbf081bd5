/** A result as the worker stored it. */
export type StoredResult = Readonly<Record<string, unknown>>;

/** Where the value of a field comes from. */
export type ResultSource =
  /** A member of the stored result; null if it is absent. */
  | { readonly member: string }
  /** The same text for every item. */
  | { readonly text: string }
  /** A text of the stored result between two others; null if it is absent. */
  | { readonly before: string; readonly member: string; readonly after: string }
  /** Computed in this process; the field is absent if the value is undefined. */
  | { readonly compute: (stored: StoredResult) => unknown };

/** A field of the result of an item, or a column of the report. */
export interface ResultField {
  readonly name: string;
  readonly source: ResultSource;
}

/** PostgreSQL calls a function with at most 100 arguments, two for each field. */
const MAX_SQL_FIELDS = 50;

/** Whether a result is computed in this process; otherwise SQL builds it, which is faster. */
export function isComputed(fields: readonly ResultField[]): boolean {
  return fields.length > MAX_SQL_FIELDS || fields.some(({ source }) => 'compute' in source);
}

/** Computes a result in this process. */
export function resultOf(fields: readonly ResultField[], stored: StoredResult): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { name, source } of fields) {
    const value = valueOf(source, stored);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Computes the value of one field. */
export function valueOf(source: ResultSource, stored: StoredResult): unknown {
  if ('compute' in source) return source.compute(stored);
  if ('text' in source) return source.text;
  const value = stored[source.member] ?? null;
  if (!('before' in source)) return value;
  return typeof value === 'string' ? source.before + value + source.after : null;
}
