const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const SPACE = 0x20;

/*
 * Finds positions in JSON text without parsing it. All offsets are in characters of the JavaScript string.
 */

/** Finds the closing quote of a string. Jumps from quote to quote, because most time of a large body is spent here. */
export function endOfString(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
  } while (isEscaped(text, end));
  return end;
}

/** Whether a number starts with this character, outside of strings. */
export function beginsNumber(code: number): boolean {
  return (code >= DIGIT_0 && code <= DIGIT_9) || code === MINUS;
}

/** Returns the offset after a number. */
export function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isInNumber(text.charCodeAt(end))) end += 1;
  return end;
}

/** Returns the offset after a value. */
export function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let offset = start; offset < text.length; offset += 1) {
    switch (text.charCodeAt(offset)) {
      case QUOTE:
        offset = endOfString(text, offset);
        if (depth === 0) return offset + 1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth += 1;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        // The closing bracket of the array or object that contains a number, true, false or null.
        if (depth === 0) return offset;
        depth -= 1;
        if (depth === 0) return offset + 1;
        break;
      case COMMA:
        if (depth === 0) return offset;
        break;
    }
  }
  return text.length;
}

/**
 * Finds the values of members of an object; stops after the last wanted one.
 *
 * @param start offset of the object
 * @param names wanted members
 */
export function memberStarts(text: string, start: number, names: ReadonlySet<string>): Map<string, number> {
  const found = new Map<string, number>();
  let offset = skipSpace(text, start + 1);
  while (found.size < names.size && text.charCodeAt(offset) === QUOTE) {
    const keyEnd = endOfString(text, offset);
    const key = keyOf(text.slice(offset, keyEnd + 1));
    const value = skipSpace(text, skipSpace(text, keyEnd + 1) + 1);
    if (names.has(key)) found.set(key, value);
    if (found.size < names.size) offset = afterComma(text, endOfValue(text, value));
  }
  return found;
}

/** Yields the offsets of the elements of an array. */
export function* elementStarts(text: string, start: number): Generator<number, undefined> {
  let offset = skipSpace(text, start + 1);
  while (offset < text.length && text.charCodeAt(offset) !== CLOSE_BRACKET) {
    yield offset;
    offset = afterComma(text, endOfValue(text, offset));
  }
}

/** Yields the numbers of a text, as spelled. */
export function* numbersOf(text: string): Generator<string, undefined> {
  for (let offset = 0; offset < text.length; offset += 1) {
    const code = text.charCodeAt(offset);
    if (code === QUOTE) offset = endOfString(text, offset);
    else if (beginsNumber(code)) {
      const end = endOfNumber(text, offset);
      yield text.slice(offset, end);
      offset = end - 1;
    }
  }
}

/** Replaces the numbers of a text. */
export function replaceNumbers(text: string, replacement: (token: string) => string): string {
  return replaceOutside(text, /[-\d][-+.\deE]*/g, replacement);
}

/** Removes white space between tokens. */
export function withoutSpace(text: string): string {
  return replaceOutside(text, /[ \t\r\n]+/g, () => '');
}

/** Replaces matches outside of strings. */
function replaceOutside(text: string, pattern: RegExp, replacement: (match: string) => string): string {
  let replaced = '';
  for (let offset = 0; offset < text.length;) {
    const quote = text.indexOf('"', offset);
    const stringStart = quote === -1 ? text.length : quote;
    const stringEnd = endOfString(text, stringStart) + 1;
    replaced += text.slice(offset, stringStart).replace(pattern, replacement);
    replaced += text.slice(stringStart, stringEnd);
    offset = stringEnd;
  }
  return replaced;
}

function isInNumber(code: number): boolean {
  return beginsNumber(code) || code === 0x2b || code === 0x2e || code === 0x45 || code === 0x65;
}

function isEscaped(text: string, offset: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(offset - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Finds the next character that is not white space; every greater character code belongs to a token. */
function skipSpace(text: string, start: number): number {
  let offset = start;
  while (offset < text.length && text.charCodeAt(offset) <= SPACE) offset += 1;
  return offset;
}

/** Returns the offset of the next member or element, or of the closing bracket. */
function afterComma(text: string, end: number): number {
  const offset = skipSpace(text, end);
  return text.charCodeAt(offset) === COMMA ? skipSpace(text, offset + 1) : offset;
}

/** Only keys with escapes, which are rare, need parsing. */
function keyOf(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  const key: string = JSON.parse(token);
  return key;
}
