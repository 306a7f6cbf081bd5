import * as fc from 'fast-check';
import { resolve, type Json, type OpenApi } from '../openapi.reading.js';

/** The part of JSON Schema 2020-12 that the document uses. */
interface Schema extends Json {
  $ref?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  type?: string | string[];
  enum?: unknown[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  example?: unknown;
}

export interface ValueOptions {
  /** URLs of this machine: no generated URL may leave it. */
  urls: readonly string[];
}

/** Maximum length of generated strings. */
const MAX_LENGTH = 3_000;
const MAX_ITEMS = 5;

/** Values that match a schema, including its boundary values. */
export function valuesOf(document: OpenApi, schema: Json, options: ValueOptions): fc.Arbitrary<unknown> {
  return values(schema, { ...options, document });
}

function values(schema: Schema, context: ValueOptions & { document: OpenApi }): fc.Arbitrary<unknown> {
  const { $ref, allOf, oneOf, type, enum: choices, example } = schema;
  if ($ref !== undefined) return values(schemaAt(context.document, $ref), context);
  const [only] = allOf ?? [];
  if (only !== undefined) return values(only, context);
  if (oneOf !== undefined) return fc.oneof(...oneOf.map((one) => values(one, context)));
  if (choices !== undefined) return fc.constantFrom(...choices);
  const made = Array.isArray(type)
    ? fc.oneof(...type.map((one) => values({ ...schema, type: one }, context)))
    : ofType(schema, context);
  // An example shows formats that a pattern does not express, such as durations.
  return example === undefined ? made : fc.oneof(made, fc.constant(example));
}

function schemaAt(document: OpenApi, reference: string): Schema {
  const found = resolve(document, reference);
  if (typeof found !== 'object' || found === null) throw new Error(`${reference} is no schema`);
  return { ...found };
}

function ofType(schema: Schema, context: ValueOptions & { document: OpenApi }): fc.Arbitrary<unknown> {
  const { type, items = {}, minItems = 0, maxItems = MAX_ITEMS } = schema;
  switch (type) {
    case 'string':
      return texts(schema, context);
    case 'integer':
      return numbers(schema);
    case 'number':
      return fc.oneof(numbers(schema), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(values(items, context), {
        minLength: minItems,
        maxLength: Math.min(maxItems, Math.max(minItems, MAX_ITEMS)),
      });
    case 'object':
      return objects(schema, context);
    default:
      return fc.jsonValue();
  }
}

function objects(schema: Schema, context: ValueOptions & { document: OpenApi }): fc.Arbitrary<unknown> {
  const { properties, required = [] } = schema;
  if (properties === undefined)
    return fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  return fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, values(inner, context)])),
    { requiredKeys: required },
  );
}

function texts({ pattern, format, minLength = 0, maxLength = MAX_LENGTH }: Schema, { urls }: ValueOptions) {
  if (format === 'uri') {
    const path = fc.webPath();
    return fc.tuple(fc.constantFrom(...urls), path).map(([url, rest]) => `${url}${rest}`);
  }
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const edges = [minLength, maxLength].map((length) => 'x'.repeat(Math.min(length, MAX_LENGTH)));
  if (pattern !== undefined) {
    // Generated from the pattern: random texts practically never match one like that of a digest.
    const expression = new RegExp(pattern);
    const matching = fc
      .stringMatching(expression)
      .filter(({ length }) => length >= minLength && length <= maxLength);
    const fitting = edges.filter((edge) => expression.test(edge));
    return fitting.length === 0 ? matching : fc.oneof(matching, fc.constantFrom(...fitting));
  }
  const sizes = { minLength, maxLength: Math.min(maxLength, minLength + 20) };
  return fc.oneof(
    fc.string({ ...sizes, unit: 'grapheme' }),
    fc.string({ ...sizes, unit: 'binary' }),
    fc.constantFrom(...edges),
  );
}

function numbers({ minimum = -1_000_000, maximum = 1_000_000 }: Schema): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(minimum, maximum));
}
