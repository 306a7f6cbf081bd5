import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { QueryInteger } from './query-integer.js';
import { SentenceRule } from './sentence-rule.js';

// Servers make up statuses beyond 599.
const [MIN, MAX] = [100, 999];
const WANTED = `an integer from ${MIN} to ${MAX}, or "none"`;

const STATUS = {
  oneOf: [
    { type: 'integer', minimum: MIN, maximum: MAX },
    { type: 'string', enum: ['none'] },
  ],
};

/** The status of an HTTP response, or that there was none. */
export type HttpStatusChoice = number | 'none';

export interface HttpStatusOptions {
  description: string;
  /** Whether the field is part of a query string, where every value is text. */
  isQuery?: boolean;
}

/** A choice by the status of an HTTP response, always optional. */
export function HttpStatus({ description, isQuery = false }: HttpStatusOptions): PropertyDecorator {
  return applyDecorators(
    ...(isQuery ? [QueryInteger()] : []),
    SentenceRule('httpStatus', { optional: true, wanted: WANTED }, (value) =>
      value === 'none' ||
      (typeof value === 'number' && Number.isInteger(value) && value >= MIN && value <= MAX)
        ? undefined
        : `Must be ${WANTED}`,
    ),
    ApiProperty({
      // The type is left out beside `oneOf`; the reflected one would be a schema named Object.
      type: 'integer',
      ...(isQuery ? { schema: STATUS } : STATUS),
      required: false,
      description,
      example: 503,
    }),
  );
}
