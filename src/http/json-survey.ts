const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export interface JsonSurvey {
  /** Offset of the bracket that opens one level too many. */
  tooDeep: number | undefined;
  /** Members of all objects together, where the text is JSON. */
  members: number;
}

/**
 * Looks through a text before anything is parsed: one pass, no memory.
 *
 * @param text JSON, or what claims to be
 * @param limit levels of arrays and objects that are fine; the survey ends at the first one more
 */
export function surveyJson(text: string, limit: number): JsonSurvey {
  let depth = 0;
  let members = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    switch (text.charCodeAt(offset)) {
      case QUOTE:
        offset = endOfString(text, offset);
        break;
      case COLON:
        members += 1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth += 1;
        if (depth > limit) return { tooDeep: offset, members };
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth -= 1;
        break;
    }
  }
  return { tooDeep: undefined, members };
}

/** Jumps from quote to quote, which is where the time of a large body goes. */
function endOfString(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
  } while (isEscaped(text, end));
  return end;
}

function isEscaped(text: string, offset: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(offset - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
