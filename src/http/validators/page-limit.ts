import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { QueryInteger } from './query-integer.js';
import { SentenceRule } from './sentence-rule.js';

export interface PageLimitOptions {
  /** Maximum results per page; 100 by default. */
  max?: number;
  /** Documented default; the initial value of the field applies it. */
  default?: number;
}

/**
 * The page size of a list: an integer in a query string, always optional.
 *
 * @example
 * class ListDto {
 *   @PageLimit({ max: 100, default: 50 }) limit = 50;
 * }
 */
export function PageLimit(options: PageLimitOptions = {}): PropertyDecorator {
  const { max = 100 } = options;
  const wanted = `an integer from 1 to ${max}`;
  return applyDecorators(
    QueryInteger(),
    SentenceRule('pageLimit', { optional: true, wanted }, (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max
        ? undefined
        : `Must be ${wanted}`,
    ),
    ApiProperty({
      type: 'integer',
      required: false,
      minimum: 1,
      maximum: max,
      default: options.default,
      description: 'Maximum number of results per page',
    }),
  );
}
