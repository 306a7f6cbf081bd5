import { type ParseErrorCode, visit } from 'jsonc-parser';

/** Sentences by jsonc-parser error code; its enum is erased at compile time. */
const EXPECTED: Readonly<Record<number, string>> = {
  1: 'unexpected text outside double quotes',
  2: 'expected a number',
  3: 'expected a property name in double quotes',
  4: 'expected a value',
  5: 'expected a colon',
  6: 'expected a comma',
  7: 'expected a closing brace',
  8: 'expected a closing bracket',
  9: 'expected the end of the text',
  10: 'comments are not allowed',
  11: 'unterminated comment',
  12: 'unterminated string',
  13: 'incomplete number',
  14: 'expected four hexadecimal digits',
  15: 'invalid escape sequence',
  16: 'unescaped control character',
};

interface JsonFault {
  code: ParseErrorCode;
  offset: number;
}

/** Stops the visit at the first fault: jsonc-parser would go on, and most later faults are consequences. */
class FirstFault extends Error {
  constructor(readonly fault: JsonFault) {
    super('found');
  }
}

/**
 * Describes why a text could not be parsed, without quoting it.
 *
 * @param text text that is not JSON, or JSON with forbidden keys
 * @returns a sentence with line, column (both from 1, as in editors) and offset (from 0), in characters
 */
export function describeJsonFault(text: string): string {
  const fault = firstFault(text);
  if (!fault) {
    return isJson(text)
      ? 'Must not contain the keys "__proto__" and "constructor.prototype"'
      : 'Must be valid JSON';
  }
  return `Must be valid JSON: ${EXPECTED[fault.code] ?? 'syntax error'} ${placeOf(text, fault.offset)}`;
}

/**
 * Finds the first fault of a text that is not JSON.
 *
 * @returns offset from 0, in characters, and a sentence without the position
 */
export function findJsonFault(text: string): { offset: number; sentence: string } {
  const fault = firstFaultOf(text);
  if (fault === undefined) return { offset: 0, sentence: 'Must be valid JSON' };
  const { code, offset } = fault;
  return { offset, sentence: `Must be valid JSON: ${EXPECTED[code] ?? 'syntax error'}` };
}

function firstFaultOf(text: string): JsonFault | undefined {
  try {
    return firstFault(text);
  } catch {
    // Deep nesting exhausts the stack of the parser.
    return undefined;
  }
}

/** Formats a position: "at line 3, column 7 (offset 42)". */
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
    // The caller only needs yes or no, and the message would quote the text.
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
