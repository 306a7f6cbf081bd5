import { survivesParsing } from './json-number.js';
import { beginsNumber, endOfNumber, endOfString } from './json-scan.js';

const QUOTE = 0x22;
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
  /** Whether all numbers would be written as they are after they were parsed. */
  numbersSurvive: boolean;
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
  let numbersSurvive = true;
  for (let offset = 0; offset < text.length; offset += 1) {
    const code = text.charCodeAt(offset);
    switch (code) {
      case QUOTE:
        offset = endOfString(text, offset);
        break;
      case COLON:
        members += 1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth += 1;
        if (depth > limit) return { tooDeep: offset, members, numbersSurvive };
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth -= 1;
        break;
      default:
        if (numbersSurvive && beginsNumber(code)) {
          const end = endOfNumber(text, offset);
          numbersSurvive = survivesParsing(text.slice(offset, end));
          offset = end - 1;
        }
    }
  }
  return { tooDeep: undefined, members, numbersSurvive };
}
