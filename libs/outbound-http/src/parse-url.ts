/**
 * Parses a URL by the WHATWG rules (https://url.spec.whatwg.org), without an exception for text that is none.
 *
 * To be used instead of `URL.canParse`, which on Node 20 and 22 begins to refuse hosts with letters such as "ü" once
 * V8 has optimized the code around it: it then hands the Latin-1 bytes of the string to a parser that reads UTF-8.
 *
 * @param base what a relative URL is relative to
 * @returns undefined for text that is no URL
 */
export function parseUrl(text: string | URL, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined; // the only thing that it throws, and the answer
  }
}
