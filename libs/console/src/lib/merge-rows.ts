/**
 * Rows in the order in which they were shown first: news changes a row in place, and new rows wait until the reader
 * asks for them, so that no row moves under the pointer.
 *
 * @param others news of rows that were shown, but are not among those that arrived
 */
export function mergeRows<T extends { readonly id: string }>(
  shown: readonly T[],
  arrived: readonly T[],
  others: readonly T[] = [],
): { rows: T[]; fresh: number } {
  if (shown.length === 0) return { rows: [...arrived], fresh: 0 };
  const news = new Map([...arrived, ...others].map((row) => [row.id, row]));
  const known = new Set(shown.map(({ id }) => id));
  return {
    rows: shown.map((row) => news.get(row.id) ?? row),
    fresh: arrived.filter(({ id }) => !known.has(id)).length,
  };
}
