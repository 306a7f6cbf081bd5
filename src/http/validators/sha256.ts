import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { SentenceRule } from './sentence-rule.js';

const WANTED = '64 hexadecimal digits';
const HEX = /^[0-9a-f]{64}$/i;

export interface Sha256Options {
  optional?: boolean;
  description?: string;
  example?: string;
}

/** A SHA-256 checksum in hexadecimal digits of either case. */
export function Sha256({ optional, description, example }: Sha256Options = {}): PropertyDecorator {
  return applyDecorators(
    SentenceRule('sha256', { optional, wanted: WANTED }, (value) =>
      typeof value === 'string' && HEX.test(value) ? undefined : `Must be ${WANTED}`,
    ),
    ApiProperty({
      type: String,
      required: !optional,
      pattern: '^[0-9A-Fa-f]{64}$',
      description,
      example,
    }),
  );
}
