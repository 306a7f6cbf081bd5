import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { exactTextOf } from '../free-form-text.js';
import { FreeForm } from '../free-form.js';
import { hasFewDigits, MAX_DIGITS } from '../json-number.js';
import { numbersOf } from '../json-scan.js';
import { isPlainObject } from '../plain-object.js';
import { SentenceRule } from './sentence-rule.js';

export interface JsonObjectOptions {
  /** Maximum size of its JSON in UTF-8 bytes, without white space; numbers count as sent. */
  maxBytes: number;
  /** Maximum nesting of objects and arrays, itself included; 64 by default. */
  maxDepth?: number;
  optional?: boolean;
  description?: string;
  example?: Record<string, unknown>;
}

/** How JSON.stringify writes characters that PostgreSQL cannot store: U+0000 and unpaired surrogates. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** A free-form object of the client. The service receives the parsed object itself, with its source text beside it. */
export function JsonObject(options: JsonObjectOptions): PropertyDecorator {
  const { maxBytes, maxDepth = 64, optional, description, example } = options;
  const wanted = `a JSON object of at most ${maxBytes} bytes`;
  return applyDecorators(
    FreeForm({ maxLength: maxBytes }),
    SentenceRule('jsonObject', { optional, wanted }, (value) => {
      if (!isPlainObject(value)) return `Must be ${wanted}`;
      // Before JSON.stringify, which is recursive.
      const fault = treeFault(value, maxDepth);
      if (fault) return fault;
      const json = JSON.stringify(value);
      // The source text is examined only if the object is not too long without it.
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
  if (bytes > maxBytes) return `Must be ${wanted}, not ${bytes}`;
  if (json.includes('\\u') && UNSTORABLE.test(json)) {
    return 'Must not contain U+0000 or unpaired surrogates';
  }
  return undefined;
}

function treeFault(value: unknown, levelsLeft: number, maxDepth = levelsLeft): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (levelsLeft === 0) return `Must be nested at most ${maxDepth} levels deep`;
  for (const inner of Object.values(value)) {
    const fault = treeFault(inner, levelsLeft - 1, maxDepth);
    if (fault) return fault;
  }
  return undefined;
}

/**
 * Limits the digits of numbers: PostgreSQL stores long numbers, but a short exponent must not expand to thousands of
 * digits.
 *
 * @param exact text whose numbers may be longer or shorter than in `bytes`
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
      return `Must not contain numbers with more than ${MAX_DIGITS} digits before or after the decimal point`;
    }
    exactBytes += token.length - JSON.stringify(Number(token)).length;
  }
  return exactBytes > maxBytes ? `Must be ${wanted}, not ${exactBytes}` : undefined;
}
