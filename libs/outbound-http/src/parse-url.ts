/**
 * Parses a URL by the WHATWG rules (https://url.spec.whatwg.org). Returns undefined instead of throwing.
 *
 * Use it instead of `URL.canParse`: on Node 20 and 22 that function starts to reject hosts with letters such as "ü"
 * once V8 has optimized its caller, because it passes the Latin-1 bytes of the string to a UTF-8 parser.
 *
 * @param base base URL for a relative `text`
 * @returns undefined if `text` is not a valid URL
 */
export function parseUrl(text: string | URL, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined; // `URL` throws only for invalid text
  }
}
