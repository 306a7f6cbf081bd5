/** Pattern of a key up to its extension: digits, hexadecimal digits and separators. */
const FORM = 'dddd/dd/dd/hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh';

const SYMBOLS: Readonly<Record<string, string>> = { d: '0123456789', h: '0123456789abcdef' };

/** Returns the prefixes that are one symbol longer, in key order: oldest day first. */
export function childrenOf(prefix: string): string[] {
  let longer = prefix;
  for (let at = prefix.length; at < FORM.length; at++) {
    const place = FORM.charAt(at);
    const symbols = SYMBOLS[place];
    if (symbols !== undefined) return symbols.split('').map((symbol) => longer + symbol);
    longer += place;
  }
  return [];
}
