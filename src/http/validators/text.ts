import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { hasAtLeast, hasAtMost, countCharacters, storableFault } from './characters.js';
import { SentenceRule } from './sentence-rule.js';

export interface TextOptions {
  /** Minimum number of characters (Unicode code points); 1 by default. */
  min?: number;
  /** Maximum number of characters. */
  max: number;
  /** Refuses control characters: C0, DEL and C1. */
  noControl?: boolean;
  /** Refuses text that consists of white space only. */
  notBlank?: boolean;
  optional?: boolean;
  description?: string;
  example?: string;
}

const CONTROL = /\p{Cc}/u;

/** The same for ECMA 262 without flags, as JSON Schema requires. */
const NO_CONTROL_PATTERN = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** A string with a bounded length. */
export function Text(options: TextOptions): PropertyDecorator {
  const { min = 1, max, optional, description, example } = options;
  const wanted = `a string of ${min} to ${max} characters`;
  return applyDecorators(
    SentenceRule('text', { optional, wanted }, (value) => {
      if (typeof value !== 'string') return `Must be ${wanted}`;
      if (!hasAtLeast(value, min) || !hasAtMost(value, max)) {
        return `Must be ${wanted}, not ${countCharacters(value)}`;
      }
      if (options.noControl && CONTROL.test(value)) return 'Must not contain control characters';
      if (options.notBlank && value.trim() === '') return 'Must not be blank';
      return storableFault(value);
    }),
    ApiProperty({
      type: String,
      required: !optional,
      minLength: min,
      maxLength: max,
      pattern: options.noControl ? NO_CONTROL_PATTERN : undefined,
      description,
      example,
    }),
  );
}
