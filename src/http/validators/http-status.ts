import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { QueryInteger } from './query-integer.js';
import { SentenceRule } from './sentence-rule.js';

// Servers make up statuses beyond 599.
const [MIN, MAX] = [100, 999];
const WANTED = `an integer from ${MIN} to ${MAX}`;

export interface HttpStatusOptions {
  description: string;
  /** Whether the field is part of a query string, where every value is text. */
  isQuery?: boolean;
}

/** The status of an HTTP response, always optional. */
export function HttpStatus({ description, isQuery = false }: HttpStatusOptions): PropertyDecorator {
  return applyDecorators(
    ...(isQuery ? [QueryInteger()] : []),
    SentenceRule('httpStatus', { optional: true, wanted: WANTED }, (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= MIN && value <= MAX
        ? undefined
        : `Must be ${WANTED}`,
    ),
    ApiProperty({
      type: 'integer',
      required: false,
      minimum: MIN,
      maximum: MAX,
      description,
      example: 503,
    }),
  );
}
