import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import type { RuleContext } from './context-rule.js';

export type DtoClass = new () => object;

export interface ArrayOfOptions {
  /** Minimum number of entries; 1 by default. */
  min?: number;
  /** Maximum number of entries; a function if the configuration decides. */
  max: number | ((context: RuleContext) => number);
  /** Documented maximum if `max` is a function. */
  documentedMax?: number;
  /** Field whose text must be unique among the entries. */
  uniqueBy?: string;
  optional?: boolean;
  description?: string;
}

/** Metadata that {@link ArrayOf} stores for the validation pipe. */
export interface ArrayRule {
  item: () => DtoClass;
  min: number;
  max: (context: RuleContext) => number;
  uniqueBy: string | undefined;
  optional: boolean;
}

const ARRAY_RULE = Symbol('reelport:array-of');

/**
 * An array of DTOs of any length: the validation pipe reads its entries in time slices.
 *
 * @example
 * class BatchDto {
 *   @ArrayOf(() => VideoDto, { max: 10_000 }) videos: VideoDto[];
 * }
 */
export function ArrayOf(item: () => DtoClass, options: ArrayOfOptions): PropertyDecorator {
  const { min = 1, max, uniqueBy, optional = false } = options;
  const rule: ArrayRule = { item, min, max: typeof max === 'function' ? max : () => max, uniqueBy, optional };
  return applyDecorators(
    Allow(),
    ApiProperty({
      // Swagger accepts a function as a lazy type only if its name is "type", as here.
      type: () => item(),
      isArray: true,
      required: !optional,
      minItems: min,
      maxItems: typeof max === 'number' ? max : options.documentedMax,
      description: options.description,
    }),
    (target: object, property: string | symbol) => Reflect.defineMetadata(ARRAY_RULE, rule, target, property),
  );
}

/** The rule of a field, own or inherited; undefined if the field is not an array of DTOs. */
export function arrayRuleOf(prototype: object, property: string): ArrayRule | undefined {
  const rule: ArrayRule | undefined = Reflect.getMetadata(ARRAY_RULE, prototype, property);
  return rule;
}
