import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { SentenceRule } from '../../http/validators/sentence-rule.js';

const MAX_WAIT_S = 60;

/** Seconds that a call waits for the end of the import: an integer in a query string, always optional. */
export function WaitSeconds(): PropertyDecorator {
  const wanted = `an integer from 1 to ${MAX_WAIT_S}`;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
    ),
    SentenceRule('wait', { optional: true, wanted }, (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_WAIT_S
        ? undefined
        : `Must be ${wanted}`,
    ),
    ApiProperty({
      type: 'integer',
      required: false,
      minimum: 1,
      maximum: MAX_WAIT_S,
      description:
        'Seconds to wait for the end of the import; then, or as soon as it has finished, the response is its status',
    }),
  );
}
