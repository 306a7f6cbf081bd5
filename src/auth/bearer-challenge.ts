import { ApiError } from '../http/api-error.js';
import type { Scope } from './scopes.js';

/** 401 for an invalid token (RFC 6750, section 3.1). The sentence must not quote it. */
export function invalidToken(sentence: string): ApiError {
  const challenge = `Bearer error="invalid_token", error_description="${sentence}"`;
  return new ApiError(401, { access_token: sentence }, { headers: { 'www-authenticate': challenge } });
}

/** 403 for a token without the scopes of the route; details and header name all of them (RFC 6750, section 3.1). */
export function insufficientScope(required: readonly Scope[]): ApiError {
  const challenge = `Bearer error="insufficient_scope", scope="${required.join(' ')}"`;
  return new ApiError(
    403,
    { access_token: 'The request requires higher privileges', scope: neededSentence(required) },
    { headers: { 'www-authenticate': challenge } },
  );
}

function neededSentence(required: readonly Scope[]): string {
  return `Needs an access token with the ${required.length === 1 ? 'scope' : 'scopes'} ${required.join(' and ')}`;
}
