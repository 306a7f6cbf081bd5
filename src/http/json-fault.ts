import { type ParseErrorCode, visit } from 'jsonc-parser';

/** The codes of jsonc-parser, whose enum is erased at compile time, in words that say what would be right. */
const EXPECTED: Readonly<Record<number, string>> = {
  1: 'text outside of double quotes is not expected',
  2: 'a number is expected',
  3: 'a property name in double quotes is expected',
  4: 'a value is expected',
  5: 'a colon is expected',
  6: 'a comma is expected',
  7: 'a closing brace is expected',
  8: 'a closing bracket is expected',
  9: 'nothing more is expected',
  10: 'comments are not expected',
  11: 'the end of a comment is expected',
  12: 'the end of a string is expected',
  13: 'the end of a number is expected',
  14: 'four hexadecimal digits are expected',
  15: 'another escape is expected',
  16: 'an escape is expected instead of a control character',
};

interface JsonFault {
  code: ParseErrorCode;
  offset: number;
}

/** Ends the visit at the first fault: jsonc-parser would go on, and the ones after it are mostly its consequences. */
class FirstFault extends Error {
  constructor(readonly fault: JsonFault) {
    super('found');
  }
}

/**
 * Says what is wrong with a text that could not be parsed, without quoting it.
 *
 * @param text what is not JSON, or is JSON with forbidden keys
 * @returns a sentence with line, column (both from 1, as editors count) and offset (from 0), in characters
 */
export function describeJsonFault(text: string): string {
  const fault = firstFault(text);
  if (!fault) {
    return isJson(text)
      ? 'This must not have the keys "__proto__" and "constructor.prototype"'
      : 'This must be valid JSON';
  }
  return `This must be valid JSON: ${EXPECTED[fault.code] ?? 'something else is expected'} ${placeOf(text, fault.offset)}`;
}

/** "at line 3, column 7 (offset 42)". */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  return `at line ${line}, column ${column} (offset ${offset})`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not being JSON is the answer, and the message would quote the text.
    return false;
  }
}

function firstFault(text: string): JsonFault | undefined {
  try {
    visit(
      text,
      {
        onError: (code, offset) => {
          throw new FirstFault({ code, offset });
        },
      },
      { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false },
    );
  } catch (error) {
    if (error instanceof FirstFault) return error.fault;
    throw error;
  }
  return undefined;
}
