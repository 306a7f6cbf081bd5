import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { inWords } from '../list-in-words.js';
import { SentenceRule } from './sentence-rule.js';

export interface ChoiceOptions {
  optional?: boolean;
  description?: string;
  example?: string;
  /** Documented value of an absent field. */
  default?: string;
}

/** Accepts one of a list of words. */
export function Choice(words: readonly string[], options: ChoiceOptions = {}): PropertyDecorator {
  const { optional, ...documentation } = options;
  const wanted = inWords(
    words.map((word) => `"${word}"`),
    'or',
  );
  return applyDecorators(
    SentenceRule('choice', { optional, wanted }, (value) =>
      typeof value === 'string' && words.includes(value) ? undefined : `Must be ${wanted}`,
    ),
    ApiProperty({ type: String, enum: [...words], required: !optional, ...documentation }),
  );
}
