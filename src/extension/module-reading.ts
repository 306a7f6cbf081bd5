import { RequestMethod, type Type } from '@nestjs/common';
import {
  METHOD_METADATA,
  MODULE_METADATA,
  PARAMTYPES_METADATA,
  PATH_METADATA,
  PROPERTY_DEPS_METADATA,
  SELF_DECLARED_DEPS_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner, Reflector } from '@nestjs/core';
import { RequiredScopes } from '../auth/require-scopes.decorator.js';
import { isFunction, listOf, valueOf } from './faults.reading.js';

/** What the decorators of a Nest module declare, before Nest creates any of it. */
export interface DeclaredModule {
  name: string;
  /** Whether it has a method `configure()`, which adds middleware. */
  hasMiddleware: boolean;
  providers: readonly unknown[];
  controllers: readonly Type[];
}

/** A route as its decorators declare it. */
export interface DeclaredRoute {
  /** Method, path and class, such as `GET reports/:id of ReportsController`. */
  label: string;
  method: RequestMethod;
  segments: readonly string[];
  /** Empty for a public route; undefined without a declaration. */
  scopes: readonly string[] | undefined;
}

/**
 * Modules with everything that they import, each once.
 *
 * @param visited modules that are left out; those that are found are added
 */
export async function declaredModules(
  roots: readonly unknown[],
  visited = new Set<unknown>(),
): Promise<DeclaredModule[]> {
  const found: DeclaredModule[] = [];
  for (const root of roots) {
    const module = resolved(await root);
    if (module === undefined || visited.has(module)) continue;
    visited.add(module);
    const dynamic = isFunction(module) ? {} : module;
    const type = isFunction(module) ? module : valueOf(module, 'module');
    if (!isClass(type)) continue;
    const membersOf = (key: string): unknown[] => [
      ...[Reflect.getMetadata(key, type) ?? []].flat(),
      ...listOf(dynamic, key),
    ];
    found.push({
      name: type.name,
      hasMiddleware: isFunction(valueOf(type.prototype, 'configure')),
      providers: membersOf(MODULE_METADATA.PROVIDERS),
      controllers: membersOf(MODULE_METADATA.CONTROLLERS).filter(isClass),
    });
    found.push(...(await declaredModules(membersOf(MODULE_METADATA.IMPORTS), visited)));
  }
  return found;
}

/** The token of a provider, or its class. */
export function tokenOf(provider: unknown): unknown {
  return isObject(provider) ? valueOf(provider, 'provide') : provider;
}

/** What a provider or controller injects. */
export function injectedBy(provider: unknown): unknown[] {
  if (!isObject(provider)) return isClass(provider) ? injectedByClass(provider) : [];
  const type = valueOf(provider, 'useClass');
  return [
    ...listOf(provider, 'inject').map((token) =>
      isObject(token) && 'token' in token ? valueOf(token, 'token') : token,
    ),
    ...(isClass(type) ? injectedByClass(type) : []),
  ];
}

function injectedByClass(type: Type): unknown[] {
  const typed: unknown[] = Reflect.getMetadata(PARAMTYPES_METADATA, type) ?? [];
  const named: Array<{ param: unknown }> = Reflect.getMetadata(SELF_DECLARED_DEPS_METADATA, type) ?? [];
  const members: Array<{ type: unknown }> = Reflect.getMetadata(PROPERTY_DEPS_METADATA, type) ?? [];
  return [...typed, ...named.map(({ param }) => param), ...members.map((member) => member.type)];
}

export function routesOf(controller: Type): DeclaredRoute[] {
  const reflector = new Reflector();
  return new MetadataScanner().getAllMethodNames(controller.prototype).flatMap((name) => {
    const handler = valueOf(controller.prototype, name);
    if (!isFunction(handler)) return [];
    const method: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
    if (method === undefined) return [];
    const scopes = reflector.getAllAndOverride(RequiredScopes, [handler, controller]);
    return pathsOf(controller).flatMap((base) =>
      pathsOf(handler).map((path) => {
        const segments = `${base}/${path}`.split('/').filter((segment) => segment !== '');
        return {
          label: `${RequestMethod[method]} ${segments.join('/')} of ${controller.name}`,
          method,
          segments,
          scopes,
        };
      }),
    );
  });
}

/** Whether a request may fit both routes. */
export function overlap(one: DeclaredRoute, other: DeclaredRoute): boolean {
  if (!sameMethod(one.method, other.method)) return false;
  const length = Math.max(one.segments.length, other.segments.length);
  for (let index = 0; index < length; index++) {
    const [mine, theirs] = [one.segments[index], other.segments[index]];
    if (isRest(mine) || isRest(theirs)) return true;
    if (mine === undefined || theirs === undefined) return false;
    if (mine !== theirs && !isParameter(mine) && !isParameter(theirs)) return false;
  }
  return true;
}

export function isParameter(segment: string | undefined): boolean {
  return segment === undefined || segment.includes(':') || isRest(segment);
}

function isRest(segment: string | undefined): boolean {
  return segment !== undefined && /[*{]/.test(segment);
}

/** Fastify answers HEAD wherever it answers GET. */
function sameMethod(one: RequestMethod, other: RequestMethod): boolean {
  const [a, b] = [one, other].map((method) => (method === RequestMethod.HEAD ? RequestMethod.GET : method));
  return a === b || a === RequestMethod.ALL || b === RequestMethod.ALL;
}

function pathsOf(target: object): string[] {
  const path: string | string[] = Reflect.getMetadata(PATH_METADATA, target) ?? '';
  return [path].flat();
}

/** The module behind a forward reference; undefined for what is no module. */
function resolved(module: unknown): object | undefined {
  if (isObject(module)) {
    const forward = valueOf(module, 'forwardRef');
    return isFunction(forward) ? resolved(Reflect.apply(forward, undefined, [])) : module;
  }
  return isFunction(module) ? module : undefined;
}

function isClass(value: unknown): value is Type {
  return typeof value === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
