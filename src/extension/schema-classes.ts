import type { Type } from '@nestjs/common';
import { MODULE_METADATA, PARAMTYPES_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { entriesOf, isFunction, listOf, valueOf } from './faults.reading.js';

/** Metadata keys of @nestjs/swagger, which it does not export. */
const RESPONSES = 'swagger/apiResponse';
const EXTRA_MODELS = 'swagger/apiExtraModels';
const PROPERTIES = 'swagger/apiModelPropertiesArray';
const PROPERTY = 'swagger/apiModelProperties';
const SCHEMA = 'swagger/apiSchema';
/** Added by its compiler plugin. */
const PLUGIN_PROPERTIES = '_OPENAPI_METADATA_FACTORY';
/** Key of a body in the metadata of the arguments of a route. */
const BODY = /^3:/;

/** A class whose schema is in the OpenAPI document. */
export interface DocumentedClass {
  readonly schema: string;
  readonly type: Type;
}

/** The classes of bodies and responses of the controllers of modules, and the classes of their properties. */
export function documentedClasses(modules: readonly unknown[]): DocumentedClass[] {
  const found = new Set<Type>();
  for (const controller of controllersOf(modules, new Set()))
    for (const type of typesOfRoutes(controller)) collect(type, found);
  return [...found].map((type) => ({ schema: schemaOf(type), type }));
}

/** Controllers of modules that are declared at once; an asynchronous module is known only when Nest loads it. */
function controllersOf(modules: readonly unknown[], visited: Set<unknown>): Type[] {
  return modules.flatMap((given): Type[] => {
    const forward = isObject(given) ? valueOf(given, 'forwardRef') : undefined;
    const module: unknown = isFunction(forward) ? Reflect.apply(forward, undefined, []) : given;
    const type = isObject(module) ? valueOf(module, 'module') : module;
    if (!isClass(type) || visited.has(module)) return [];
    visited.add(module);
    const membersOf = (key: string): unknown[] => [
      ...[Reflect.getMetadata(key, type) ?? []].flat(),
      ...(isObject(module) ? listOf(module, key) : []),
    ];
    return [
      ...membersOf(MODULE_METADATA.CONTROLLERS).filter(isClass),
      ...controllersOf(membersOf(MODULE_METADATA.IMPORTS), visited),
    ];
  });
}

function typesOfRoutes(controller: Type): unknown[] {
  const { prototype } = controller;
  const handlers = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return [
    ...typesIn(controller),
    ...handlers.flatMap((name) => {
      const handler: unknown = valueOf(prototype, name);
      if (!isFunction(handler)) return [];
      const types: unknown[] = Reflect.getMetadata(PARAMTYPES_METADATA, prototype, name) ?? [];
      const bodies = entriesOf(Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name))
        .filter(([key]) => BODY.test(key))
        .map(([, argument]) => (isObject(argument) ? types[Number(valueOf(argument, 'index'))] : undefined));
      return [...typesIn(handler), ...bodies];
    }),
  ];
}

/** Types that the decorators of a handler or a controller name. */
function typesIn(target: object): unknown[] {
  const responses = entriesOf(Reflect.getMetadata(RESPONSES, target)).map(([, response]) =>
    isObject(response) ? valueOf(response, 'type') : undefined,
  );
  const extra: unknown[] = Reflect.getMetadata(EXTRA_MODELS, target) ?? [];
  return [...responses, ...extra];
}

function collect(given: unknown, found: Set<Type>): void {
  const type: unknown = Array.isArray(given) ? given[0] : given;
  if (isLazy(type)) return collect(type(), found);
  if (!isClass(type) || isBuiltIn(type) || found.has(type)) return;
  found.add(type);
  for (const extra of Reflect.getMetadata(EXTRA_MODELS, type) ?? []) collect(extra, found);
  for (const property of propertiesOf(type)) collect(property, found);
}

/** Types of the properties of a class. */
function propertiesOf(type: Type): unknown[] {
  const names: string[] = Reflect.getMetadata(PROPERTIES, type.prototype) ?? [];
  const declared = names.map((name): unknown =>
    Reflect.getMetadata(PROPERTY, type.prototype, name.replace(/^:/, '')),
  );
  const factory = valueOf(type, PLUGIN_PROPERTIES);
  const added = isFunction(factory)
    ? entriesOf(Reflect.apply(factory, type, [])).map(([, each]) => each)
    : [];
  return [...declared, ...added].map((property) =>
    isObject(property) ? valueOf(property, 'type') : undefined,
  );
}

/** Its name, unless `@ApiSchema()` gives it another one. */
function schemaOf(type: Type): string {
  const given: unknown[] = Reflect.getMetadata(SCHEMA, type) ?? [];
  const name = given.map((each) => (isObject(each) ? valueOf(each, 'name') : undefined)).at(-1);
  return typeof name === 'string' ? name : type.name;
}

/** `() => ReportDto`, for classes that refer to each other. */
function isLazy(type: unknown): type is () => unknown {
  return isFunction(type) && type.name === 'type' && type.length === 0 && !isClass(type);
}

function isClass(type: unknown): type is Type {
  return typeof type === 'function' && type.prototype !== undefined;
}

function isBuiltIn(type: Type): boolean {
  return valueOf(globalThis, type.name) === type;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
