import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
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
    ...(isQuery ? [Transform(({ value }: { value: unknown }) => numberOf(value))] : []),
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

/** Number() would read '0x194' as 404. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
}
