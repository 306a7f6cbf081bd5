/** What is wrong, by where: a dotted path or a part of the request -> one sentence that says what would be right. */
export type ErrorDetails = Record<string, string>;

/** Entries that one answer carries at most; what goes beyond is only counted. */
export const MAX_DETAILS = 100;

/** The key behind the last entry, whose value says how many more there are. */
export const MORE_KEY = '…';

/**
 * Writes down details with the cap that the API promises.
 *
 * @param entries path and sentence pairs; those beyond {@link MAX_DETAILS} are left out
 * @param total how many there are in all, when `entries` holds only the first of them
 * @returns the details, with `"…": "and 37 more"` behind them where some were left out
 */
export function cappedDetails(
  entries: ReadonlyArray<readonly [string, string]>,
  total: number,
): ErrorDetails {
  const shown = entries.slice(0, MAX_DETAILS);
  // fromEntries defines own properties, so that a field called "__proto__" is reported like any other.
  const details: ErrorDetails = Object.fromEntries(shown);
  if (total > shown.length) details[MORE_KEY] = `and ${total - shown.length} more`;
  return details;
}
