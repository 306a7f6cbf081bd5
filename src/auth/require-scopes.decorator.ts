import { applyDecorators } from '@nestjs/common';
import { MetadataScanner, Reflector } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { SCOPES, type Scope } from './scopes.js';

/** Metadata of a route: the scopes that a token must have, all of them; an empty list lets everybody in. */
export const RequiredScopes = Reflector.createDecorator<readonly Scope[]>();

/** Name of the security scheme in the OpenAPI document. */
export const BEARER = 'access_token';

/** Lets tokens with all of these scopes in, and says so in the API's documentation. */
export function RequireScopes(...scopes: readonly [Scope, ...Scope[]]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    Declare(scopes),
    // The names of the scopes are allowed here for every kind of scheme since OpenAPI 3.1.
    ApiSecurity(BEARER, [...scopes]),
    ApiErrors({
      401: { access_token: 'The access token has expired' },
      403: { access_token: 'The request requires higher privileges' },
      429: { access_token: 'This must be used less often; try again in 20 seconds' },
      503: { service: 'The service cannot reach its database at the moment; try again in 5 seconds' },
    }),
    ApiResponse({ status: 403, description: needs(scopes) }),
  );
}

function needs(scopes: readonly Scope[]): string {
  return `The token needs ${scopes.map((scope) => `\`${scope}\` (${SCOPES[scope]})`).join(' and ')}`;
}

/** Lets everybody in, without a token. */
export function Public(): MethodDecorator & ClassDecorator {
  return Declare([]);
}

/** What a route declares, read from its configuration; undefined where it declares nothing. */
export function declaredScopes(config: object): readonly Scope[] | undefined {
  const { scopes } = config as { scopes?: readonly Scope[] };
  return scopes;
}

/**
 * The metadata, and the same in the configuration of the route, where it can be read before the body is. The router
 * knows methods only, so that what a class declares is handed to those of its methods that declare nothing.
 */
function Declare(scopes: readonly Scope[]): MethodDecorator & ClassDecorator {
  const config = RouteConfig({ scopes });
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (key !== undefined && descriptor !== undefined) {
      RequiredScopes(scopes)(target, key, descriptor);
      config(target, key, descriptor);
      return;
    }
    if (typeof target !== 'function') throw new Error('Scopes are declared by classes and methods');
    RequiredScopes(scopes)(target);
    const prototype: object = target.prototype;
    for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name);
      if (method === undefined || Reflect.hasMetadata(RequiredScopes.KEY, method.value)) continue;
      config(prototype, name, method);
    }
  };
}
