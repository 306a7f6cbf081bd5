import { RequestMethod, type INestApplication, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ApplicationConfig, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { RequiredScopes } from '../../src/auth/require-scopes.decorator.js';
import type { Scope } from '../../src/auth/scopes.js';

/** A route with the metadata of its decorators. */
export interface Route {
  method: string;
  path: string;
  /** Empty for a public route; undefined without a declaration. */
  scopes: readonly Scope[] | undefined;
}

/** Routes of all controllers of an application, including those of third-party modules. */
export function routesOf(app: INestApplication): Route[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype),
  );
  const config = app.get(ApplicationConfig);
  return controllers.filter(isClass).flatMap((controller) => routesOfController(controller, config));
}

function routesOfController(controller: Type, config: ApplicationConfig): Route[] {
  const reflector = new Reflector();
  const prototype: Record<string, () => unknown> = controller.prototype;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    const code: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
    if (code === undefined) return [];
    const scopes = reflector.getAllAndOverride(RequiredScopes, [handler, controller]);
    const method = RequestMethod[code];
    return pathsOf(controller).flatMap((base) =>
      pathsOf(handler).map((path) => ({ method, path: prefixed(join(base, path), code, config), scopes })),
    );
  });
}

function prefixed(path: string, method: RequestMethod, config: ApplicationConfig): string {
  const excluded = (config.getGlobalPrefixOptions().exclude ?? []).some(
    ({ pathRegex, requestMethod }) =>
      (requestMethod === method || requestMethod === RequestMethod.ALL) && pathRegex.test(path),
  );
  return excluded ? path : join(config.getGlobalPrefix(), path);
}

function pathsOf(target: object): string[] {
  const path: string | string[] = Reflect.getMetadata(PATH_METADATA, target) ?? '';
  return [path].flat();
}

function join(...parts: string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}

function isClass(metatype: unknown): metatype is Type {
  return typeof metatype === 'function';
}
