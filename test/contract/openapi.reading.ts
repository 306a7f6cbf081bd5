import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

export type Json = Record<string, unknown>;

interface Media {
  schema: Json;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Body {
  content?: Record<string, Media>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Json;
}

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: Json[];
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Body>;
}

/** The part of an OpenAPI document that the tests use. */
export interface OpenApi {
  openapi: string;
  info: { description: string };
  tags: Array<{ name: string }>;
  paths: Record<string, Record<string, Operation>>;
  /** What partners receive, by event. */
  webhooks: Record<string, { post: Operation }>;
  components: { schemas: Record<string, { properties?: Record<string, Property> }> };
}

export interface Property extends Json {
  description?: string;
  example?: unknown;
  $ref?: string;
  items?: Json;
}

/** Every operation and its name, such as `GET /api/v1/videos`. */
export function operationsOf({ paths }: OpenApi): Array<{ name: string; operation: Operation }> {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}

/** Every property of every schema and its name, such as `VideoDto.title`. */
export function propertiesOf({ components }: OpenApi): Array<{ name: string; property: Property }> {
  return Object.entries(components.schemas).flatMap(([schema, { properties = {} }]) =>
    Object.entries(properties).map(([name, property]) => ({ name: `${schema}.${name}`, property })),
  );
}

/** Every example of a body, with its schema. */
export function examplesOf(document: OpenApi): Array<{ name: string; schema: Json; value: unknown }> {
  return operationsOf(document).flatMap(({ name, operation: { requestBody, responses } }) =>
    Object.entries({ request: requestBody, ...responses }).flatMap(([part, body]) =>
      Object.values(body?.content ?? {}).flatMap(({ schema, example, examples = {} }) => [
        ...(example === undefined ? [] : [{ name: `${name}, ${part}`, schema, value: example }]),
        ...Object.entries(examples).map(([key, { value }]) => ({
          name: `${name}, ${part}, ${key}`,
          schema,
          value,
        })),
      ]),
    ),
  );
}

/** Every `$ref` below a value. */
export function* referencesOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') yield inner;
    else yield* referencesOf(inner);
  }
}

/** Resolves a `#/…` reference. @throws Error if it does not exist */
export function resolve(document: OpenApi, reference: string): unknown {
  const [root, ...steps] = reference.split('/');
  if (root !== '#') throw new Error(`${reference} is not a reference within the document`);
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
      throw new Error(`${reference} cannot be resolved`);
    }
    return Object.entries(value).find(([key]) => key === step)?.[1];
  }, document);
}

/** Validates values against schemas of the document. Returns the errors. */
export function validator({ components }: OpenApi): (schema: Json, value: unknown) => unknown[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  return (schema, value) => {
    const validate = ajv.compile({ ...schema, components });
    return validate(value) ? [] : (validate.errors ?? []);
  };
}
