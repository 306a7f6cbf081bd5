import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { isPlainObject } from '../../http/plain-object.js';
import type { Field, Shape } from '../../extension/shape.js';
import type { FieldDecorators } from './generated-class.js';

/** Documents the fields of a shape. */
export function fieldProperties(shape: Shape): FieldDecorators {
  return Object.fromEntries(
    Object.entries(shape).map(([name, field]) => [name, ApiProperty(propertyOf(field))]),
  );
}

/** The documentation of a field for Swagger, which writes null into the type itself. */
export function propertyOf({ schema, isOptional }: Field<unknown>): ApiPropertyOptions {
  const { type, ...rest } = schema;
  const [inner] = [type].flat();
  const property: unknown = { ...rest, type: inner, nullable: Array.isArray(type), required: !isOptional };
  if (!isProperty(property)) throw new Error('A field has no type');
  return property;
}

function isProperty(value: unknown): value is ApiPropertyOptions {
  return isPlainObject(value) && typeof value['type'] === 'string';
}

/** Examples of the fields of a shape. */
export function exampleOf(shape: Shape): Record<string, unknown> {
  return Object.fromEntries(Object.entries(shape).map(([name, { schema }]) => [name, schema['example']]));
}
