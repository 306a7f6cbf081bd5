import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { SentenceRule } from './sentence-rule.js';

export interface DateTimeOptions {
  /** How far ahead of the present the time may be. */
  maxDaysAhead: number;
  description: string;
  example: string;
}

/** RFC 3339, section 5.6, with a time that exists on that day; the offset is required. */
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const DAY_MS = 86_400_000;

/** An optional point in time, at most some days ahead. A past one is valid: a repeated request must stay so. */
export function DateTime({ maxDaysAhead, description, example }: DateTimeOptions): PropertyDecorator {
  const wanted = `a date-time with an offset, such as ${example}`;
  return applyDecorators(
    SentenceRule('dateTime', { optional: true, wanted }, (value) => {
      const day = typeof value === 'string' ? DATE_TIME.exec(value)?.[1] : undefined;
      if (typeof value !== 'string' || day === undefined || !exists(day)) return `Must be ${wanted}`;
      const isTooFar = Date.parse(value) > Date.now() + maxDaysAhead * DAY_MS;
      return isTooFar ? `Must be at most ${maxDaysAhead} days ahead` : undefined;
    }),
    ApiProperty({ type: String, format: 'date-time', required: false, description, example }),
  );
}

/** `Date` accepts the 30th of February and moves it to March. */
function exists(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
