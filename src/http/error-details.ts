/** Error sentences, keyed by the dotted path of the field or by the part of the request. */
export type ErrorDetails = Record<string, string>;

/** Maximum number of entries in a response; further ones are only counted. */
export const MAX_DETAILS = 100;

/** Key of the entry that counts the omitted ones. */
export const MORE_KEY = '…';

/**
 * Builds details with the documented cap.
 *
 * @param entries pairs of path and sentence; those beyond {@link MAX_DETAILS} are omitted
 * @param total number of faults, if `entries` holds only the first of them
 * @returns the details, followed by `"…": "and 37 more"` if some were omitted
 */
export function cappedDetails(
  entries: ReadonlyArray<readonly [string, string]>,
  total: number,
): ErrorDetails {
  const shown = entries.slice(0, MAX_DETAILS);
  // fromEntries defines own properties, so a field called "__proto__" is reported like any other.
  const details: ErrorDetails = Object.fromEntries(shown);
  if (total > shown.length) details[MORE_KEY] = `and ${total - shown.length} more`;
  return details;
}
