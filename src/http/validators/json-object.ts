import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { exactTextOf } from '../free-form-text.js';
import { FreeForm } from '../free-form.js';
import { hasFewDigits, MAX_DIGITS } from '../json-number.js';
import { numbersOf } from '../json-scan.js';
import { isPlainObject } from '../plain-object.js';
import { SentenceRule } from './sentence-rule.js';

export interface JsonObjectOptions {
  /** Most bytes of its JSON, without white space, as UTF-8; its numbers count as they were sent. */
  maxBytes: number;
  /** Most levels of objects and arrays, itself included; 64 by default. */
  maxDepth?: number;
  optional?: boolean;
  description?: string;
  example?: Record<string, unknown>;
}

/** How JSON.stringify writes what PostgreSQL cannot store: U+0000, and halves of surrogate pairs. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** An object that belongs to the client. It reaches the service as the very object that was parsed, its text beside it. */
export function JsonObject(options: JsonObjectOptions): PropertyDecorator {
  const { maxBytes, maxDepth = 64, optional, description, example } = options;
  const wanted = `a JSON object of at most ${maxBytes} bytes`;
  return applyDecorators(
    FreeForm({ maxLength: maxBytes }),
    SentenceRule('jsonObject', { optional, wanted }, (value) => {
      if (!isPlainObject(value)) return `This must be ${wanted}`;
      // Before stringify, which is recursive.
      const fault = treeFault(value, maxDepth);
      if (fault) return fault;
      const json = JSON.stringify(value);
      // The text is looked at only if the object is not too long without it.
      return (
        textFault(json, wanted, maxBytes) ??
        exactFault(exactTextOf(value), Buffer.byteLength(json), wanted, maxBytes)
      );
    }),
    ApiProperty({
      type: 'object',
      additionalProperties: true,
      selfRequired: !optional,
      description,
      example,
    }),
  );
}

function textFault(json: string, wanted: string, maxBytes: number): string | undefined {
  const bytes = Buffer.byteLength(json);
  if (bytes > maxBytes) return `This must be ${wanted}, not ${bytes}`;
  if (json.includes('\\u') && UNSTORABLE.test(json)) {
    return 'This must not contain the character U+0000 or half of a surrogate pair';
  }
  return undefined;
}

function treeFault(value: unknown, levelsLeft: number, maxDepth = levelsLeft): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (levelsLeft === 0) return `This must be nested no deeper than ${maxDepth} levels`;
  for (const inner of Object.values(value)) {
    const fault = treeFault(inner, levelsLeft - 1, maxDepth);
    if (fault) return fault;
  }
  return undefined;
}

/**
 * PostgreSQL keeps numbers of many digits, but a few characters with an exponent must not become thousands.
 *
 * @param exact text with numbers that are longer or shorter than in `bytes`
 */
function exactFault(
  exact: string | undefined,
  bytes: number,
  wanted: string,
  maxBytes: number,
): string | undefined {
  if (exact === undefined) return undefined;
  let exactBytes = bytes;
  for (const token of numbersOf(exact)) {
    if (!hasFewDigits(token)) {
      return `This must not contain numbers with more than ${MAX_DIGITS} digits before or after the decimal point`;
    }
    exactBytes += token.length - JSON.stringify(Number(token)).length;
  }
  return exactBytes > maxBytes ? `This must be ${wanted}, not ${exactBytes}` : undefined;
}
