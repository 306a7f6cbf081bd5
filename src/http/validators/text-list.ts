import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { hasAtLeast, hasAtMost, storableFault } from './characters.js';
import { SentenceRule } from './sentence-rule.js';

export interface TextListOptions {
  /** Maximum number of entries; the minimum is 1. */
  max: number;
  /** Maximum number of characters (Unicode code points) of an entry. */
  maxLength: number;
  description?: string;
  example?: readonly string[];
}

/** An optional array of texts. */
export function TextList({ max, maxLength, description, example }: TextListOptions): PropertyDecorator {
  const wanted = `an array of 1 to ${max} strings of 1 to ${maxLength} characters`;
  const isText = (value: unknown): boolean =>
    typeof value === 'string' &&
    hasAtLeast(value, 1) &&
    hasAtMost(value, maxLength) &&
    storableFault(value) === undefined;
  return applyDecorators(
    SentenceRule('textList', { optional: true, wanted }, (value) => {
      const isList = Array.isArray(value) && value.length >= 1 && value.length <= max;
      return isList && value.every(isText) ? undefined : `Must be ${wanted}`;
    }),
    ApiProperty({
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength },
      required: false,
      minItems: 1,
      maxItems: max,
      description,
      example,
    }),
  );
}
