import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { SentenceRule } from './sentence-rule.js';

/** An optional `true` or `false` of a body; false by default. */
export function Flag(documentation: { description: string }): PropertyDecorator {
  const wanted = 'true or false';
  return applyDecorators(
    SentenceRule('flag', { optional: true, wanted }, (value) =>
      typeof value === 'boolean' ? undefined : `Must be ${wanted}`,
    ),
    ApiProperty({ type: Boolean, required: false, default: false, ...documentation }),
  );
}
