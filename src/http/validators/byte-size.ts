import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { SentenceRule } from './sentence-rule.js';

const WANTED = `an integer from 1 to ${Number.MAX_SAFE_INTEGER}`;

export interface ByteSizeOptions {
  optional?: boolean;
  description?: string;
  example?: number;
}

/** The size of a file that is not empty, in bytes: a JSON number, at most 2⁵³ − 1. */
export function ByteSize({ optional, description, example }: ByteSizeOptions = {}): PropertyDecorator {
  return applyDecorators(
    SentenceRule('byteSize', { optional, wanted: WANTED }, (value) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
        ? undefined
        : `Must be ${WANTED}`,
    ),
    ApiProperty({
      type: 'integer',
      required: !optional,
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description,
      example,
    }),
  );
}
