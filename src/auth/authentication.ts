import { Injectable } from '@nestjs/common';
import { unauthorized } from '../http/api-error.js';
import { AccessTokensService } from './access-tokens.service.js';
import { insufficientScope, invalidToken } from './bearer-challenge.js';
import type { Caller } from './caller.js';
import { IdentitiesService } from './identities.service.js';
import { ANY_SCOPE, type Scope } from './scopes.js';
import { TokenError } from './token-error.js';

/** Authenticates requests. */
@Injectable()
export class Authentication {
  constructor(
    private readonly tokens: AccessTokensService,
    private readonly identities: IdentitiesService,
  ) {}

  /**
   * @param authorization value of the Authorization header
   * @throws ApiError 401, with a distinct sentence for each fault
   */
  async callerOf(authorization: string | undefined): Promise<Caller> {
    const token = bearerToken(authorization);
    try {
      return await (this.identities.isFor(token) ? this.identities : this.tokens).verify(token);
    } catch (error) {
      throw error instanceof TokenError ? error.toApiError() : error;
    }
  }
}

/** @throws ApiError 403 if a scope is missing */
export function assertScopes({ scopes }: Caller, required: readonly Scope[]): void {
  if (!required.every((scope) => scope === ANY_SCOPE || scopes.includes(scope)))
    throw insufficientScope(required);
}

/** RFC 6750, section 2.1. @throws ApiError 401 */
function bearerToken(header: string | undefined): string {
  if (header === undefined) throw unauthorized('Access token required; send Authorization: Bearer <token>');
  // "Bearer" may appear twice: people paste a token with its scheme into a form that adds one, such as Authorize of
  // Swagger UI.
  const match = /^(?:Bearer +){1,2}([\w~+/.-]+=*)$/i.exec(header);
  if (match?.[1] === undefined)
    throw invalidToken('Malformed Authorization header; send Authorization: Bearer <token>');
  return match[1];
}
