import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { FreeForm } from '../free-form.js';
import { isPlainObject } from '../plain-object.js';
import { SentenceRule } from './sentence-rule.js';

export interface JsonObjectOptions {
  /** Most bytes of its JSON, without white space, as UTF-8. */
  maxBytes: number;
  /** Most levels of objects and arrays, itself included; 64 by default. */
  maxDepth?: number;
  optional?: boolean;
  description?: string;
  example?: Record<string, unknown>;
}

/** How JSON.stringify writes what PostgreSQL cannot store: U+0000, and halves of surrogate pairs. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** An object that belongs to the client. It reaches the service as the very object that was parsed. */
export function JsonObject(options: JsonObjectOptions): PropertyDecorator {
  const { maxBytes, maxDepth = 64, optional, description, example } = options;
  const wanted = `a JSON object of at most ${maxBytes} bytes`;
  return applyDecorators(
    FreeForm(),
    SentenceRule('jsonObject', { optional, wanted }, (value) => {
      if (!isPlainObject(value)) return `This must be ${wanted}`;
      // Before stringify, which is recursive and would write a number beyond the range of doubles as null.
      return treeFault(value, maxDepth) ?? textFault(JSON.stringify(value), wanted, maxBytes);
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
  if (typeof value === 'number' && !Number.isFinite(value))
    return 'This must not contain numbers beyond 1.8e308';
  if (typeof value !== 'object' || value === null) return undefined;
  if (levelsLeft === 0) return `This must be nested no deeper than ${maxDepth} levels`;
  for (const inner of Object.values(value)) {
    const fault = treeFault(inner, levelsLeft - 1, maxDepth);
    if (fault) return fault;
  }
  return undefined;
}
