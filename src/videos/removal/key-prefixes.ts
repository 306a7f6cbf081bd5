/** The form of a key up to its extension: digits, hexadecimal digits and what is between them. */
const FORM = 'dddd/dd/dd/hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh';

const SYMBOLS: Readonly<Record<string, string>> = { d: '0123456789', h: '0123456789abcdef' };

/** The prefixes that are one symbol longer, in the order of the keys below them: the oldest day first. */
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
