import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
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
    RequiredScopes(scopes),
    // The names of the scopes are allowed here for every kind of scheme since OpenAPI 3.1.
    ApiSecurity(BEARER, [...scopes]),
    ApiErrors({
      401: { access_token: 'The access token has expired' },
      403: { access_token: 'The request requires higher privileges' },
    }),
    ApiResponse({ status: 403, description: needs(scopes) }),
  );
}

function needs(scopes: readonly Scope[]): string {
  return `The token needs ${scopes.map((scope) => `\`${scope}\` (${SCOPES[scope]})`).join(' and ')}`;
}

/** Lets everybody in, without a token. */
export function Public(): MethodDecorator & ClassDecorator {
  return RequiredScopes([]);
}
