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
 * Places in a text that is JSON, found without parsing it. All offsets are in characters of the JavaScript string.
 */

/** The closing quote of a string. Jumps from quote to quote, which is where the time of a large body goes. */
export function endOfString(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
  } while (isEscaped(text, end));
  return end;
}

/** Whether a number begins with this character, where it is not in a string. */
export function beginsNumber(code: number): boolean {
  return (code >= DIGIT_0 && code <= DIGIT_9) || code === MINUS;
}

/** What is behind a number. */
export function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isInNumber(text.charCodeAt(end))) end += 1;
  return end;
}

/** What is behind a value. */
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
        // The bracket of the array or object around a number, true, false or null.
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
 * Where members of an object begin; looks no further than the last of them.
 *
 * @param start of the object
 * @param names those that are looked for
 */
export function memberStarts(text: string, start: number, names: ReadonlySet<string>): Map<string, number> {
  const found = new Map<string, number>();
  let offset = skipSpace(text, start + 1);
  while (found.size < names.size && text.charCodeAt(offset) === QUOTE) {
    const keyEnd = endOfString(text, offset);
    const key = keyOf(text.slice(offset, keyEnd + 1));
    const value = skipSpace(text, skipSpace(text, keyEnd + 1) + 1);
    if (names.has(key)) found.set(key, value);
    if (found.size < names.size) offset = behindComma(text, endOfValue(text, value));
  }
  return found;
}

/** Where the elements of an array begin. */
export function* elementStarts(text: string, start: number): Generator<number, undefined> {
  let offset = skipSpace(text, start + 1);
  while (offset < text.length && text.charCodeAt(offset) !== CLOSE_BRACKET) {
    yield offset;
    offset = behindComma(text, endOfValue(text, offset));
  }
}

/** The numbers of a text. */
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

/** The text with other numbers in it, or with what stands for them. */
export function replaceNumbers(text: string, replacement: (token: string) => string): string {
  return replaceOutside(text, /[-\d][-+.\deE]*/g, replacement);
}

/** The text without white space between its tokens. */
export function withoutSpace(text: string): string {
  return replaceOutside(text, /[ \t\r\n]+/g, () => '');
}

/** Replaces what a pattern finds, but not in strings. */
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

/** The next character that is no white space; the one above it in value is a token. */
function skipSpace(text: string, start: number): number {
  let offset = start;
  while (offset < text.length && text.charCodeAt(offset) <= SPACE) offset += 1;
  return offset;
}

/** The next member or element, or the closing bracket where there is none. */
function behindComma(text: string, end: number): number {
  const offset = skipSpace(text, end);
  return text.charCodeAt(offset) === COMMA ? skipSpace(text, offset + 1) : offset;
}

/** Few keys have escapes, and the others need no parsing. */
function keyOf(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  const key: string = JSON.parse(token);
  return key;
}
