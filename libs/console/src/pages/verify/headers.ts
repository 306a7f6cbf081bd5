/** The headers that a signature depends on. */
export const SIGNED_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
export type SignedHeader = (typeof SIGNED_HEADERS)[number];

/**
 * Finds the signed headers in pasted text, one per line: as HTTP writes them, as lines of JSON or YAML, or as `curl -v`
 * and `curl -H` show them. Other lines are ignored.
 */
export function headersOf(text: string): Partial<Record<SignedHeader, string>> {
  const found: Partial<Record<SignedHeader, string>> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name = '', value = ''] =
      /(webhook-(?:id|timestamp|signature))["']?\s*[:=]\s*(.*)$/i.exec(line) ?? [];
    const header = SIGNED_HEADERS.find((known) => known === name.toLowerCase());
    if (header === undefined) continue;
    const bare = value.replaceAll(/^["'\s]+|["',\s\\]+$/g, '');
    if (bare !== '') found[header] ??= bare;
  }
  return found;
}
