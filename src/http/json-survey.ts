import { survivesParsing } from './json-number.js';
import { beginsNumber, endOfNumber, endOfString } from './json-scan.js';

const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export interface JsonSurvey {
  /** Offset of the bracket that exceeds the nesting limit. */
  tooDeep: number | undefined;
  /** Number of members in all objects, if the text is valid JSON. */
  members: number;
  /** Whether parsing and serializing preserves the spelling of every number. */
  numbersSurvive: boolean;
}

/**
 * Scans a text before it is parsed: one pass, constant memory.
 *
 * @param text JSON, or text that claims to be
 * @param limit allowed nesting of arrays and objects; the scan stops at the first excess level
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
