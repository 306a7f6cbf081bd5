import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Allow } from 'class-validator';

export type DtoClass = new () => object;

export interface ArrayOfOptions {
  /** Fewest entries; 1 by default. */
  min?: number;
  /** Most entries; a function where the configuration decides. */
  max: number | (() => number);
  /** What the documentation says where `max` is a function. */
  documentedMax?: number;
  /** Field whose text no two entries may have in common. */
  uniqueBy?: string;
  /** May be left out. */
  optional?: boolean;
  description?: string;
}

/** What {@link ArrayOf} leaves for the validation pipe. */
export interface ArrayRule {
  item: () => DtoClass;
  min: number;
  max: () => number;
  uniqueBy: string | undefined;
  optional: boolean;
}

const ARRAY_RULE = Symbol('reelport:array-of');

/**
 * A field that is an array of DTOs, of any length: the validation pipe reads its entries in slices of time.
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
      // Swagger takes a function for a lazy type only where its name is "type", as it is here.
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

/** The rule of a field, its own or inherited; undefined for a field that is no array of DTOs. */
export function arrayRuleOf(prototype: object, property: string): ArrayRule | undefined {
  const rule: ArrayRule | undefined = Reflect.getMetadata(ARRAY_RULE, prototype, property);
  return rule;
}
