import { applyDecorators } from '@nestjs/common';
import { MetadataScanner, Reflector } from '@nestjs/core';
import { ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { AddRouteConfig } from '../http/route-config.js';
import { ANY_SCOPE, SCOPES, type Scope } from './scopes.js';

/** Metadata of a route: the scopes that a token must all have; an empty list makes the route public. */
export const RequiredScopes = Reflector.createDecorator<readonly Scope[]>();

/** Name of the security scheme in the OpenAPI document. */
export const BEARER = 'access_token';

/** Requires all of these scopes and documents them in OpenAPI. */
export function RequireScopes(
  ...scopes: readonly [keyof typeof SCOPES, ...Array<keyof typeof SCOPES>]
): MethodDecorator & ClassDecorator {
  return requireScopes(SCOPES, scopes);
}

/** The same for scopes of an extension. @param purposes what each scope allows */
export function requireScopes<S extends string>(
  purposes: Readonly<Record<S, string>>,
  scopes: readonly S[],
): MethodDecorator & ClassDecorator {
  return applyDecorators(
    Declare(scopes),
    // Since OpenAPI 3.1 every kind of scheme may list scope names here.
    ApiSecurity(BEARER, [...scopes]),
    ApiErrors({
      401: { access_token: 'The access token has expired' },
      403: { access_token: 'The request requires higher privileges' },
      429: { access_token: 'Rate limit exceeded for this token; retry in 20 seconds' },
      503: { service: 'The database is unavailable; retry in 5 seconds' },
    }),
    ApiResponse({ status: 403, description: needs(purposes, scopes) }),
  );
}

function needs<S extends string>(purposes: Readonly<Record<S, string>>, scopes: readonly S[]): string {
  return `The token needs ${scopes.map((scope) => `\`${scope}\` (${purposes[scope]})`).join(' and ')}`;
}

/** Requires a valid token, whatever its scopes. */
export function AnyScope(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    Declare([ANY_SCOPE]),
    ApiSecurity(BEARER, []),
    ApiErrors({
      401: { access_token: 'The access token has expired' },
      429: { access_token: 'Rate limit exceeded for this token; retry in 20 seconds' },
      503: { service: 'The database is unavailable; retry in 5 seconds' },
    }),
  );
}

/** Makes a route public: no token needed. */
export function Public(): MethodDecorator & ClassDecorator {
  return Declare([]);
}

/** Reads the declared scopes from the route configuration; undefined if the route declares nothing. */
export function declaredScopes(config: object): readonly Scope[] | undefined {
  const { scopes } = config as { scopes?: readonly Scope[] };
  return scopes;
}

/**
 * Writes the scopes to Nest's metadata and to the route configuration, which is readable before the body is. The router
 * knows only methods, so a class declaration is copied to its undeclared methods.
 */
function Declare(scopes: readonly Scope[]): MethodDecorator & ClassDecorator {
  const config = AddRouteConfig({ scopes });
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (key !== undefined && descriptor !== undefined) {
      RequiredScopes(scopes)(target, key, descriptor);
      config(target, key, descriptor);
      return;
    }
    if (typeof target !== 'function') throw new Error('Declare scopes on classes or methods');
    RequiredScopes(scopes)(target);
    const prototype: object = target.prototype;
    for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name);
      if (method === undefined || Reflect.hasMetadata(RequiredScopes.KEY, method.value)) continue;
      config(prototype, name, method);
    }
  };
}
