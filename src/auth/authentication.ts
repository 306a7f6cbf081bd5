import { Injectable } from '@nestjs/common';
import { unauthorized } from '../http/api-error.js';
import { AccessTokensService } from './access-tokens.service.js';
import { insufficientScope, invalidToken } from './bearer-challenge.js';
import type { Caller } from './caller.js';
import { IdentitiesService } from './identities.service.js';
import type { Scope } from './scopes.js';
import { TokenError } from './token-error.js';

/** Finds out who makes a request. */
@Injectable()
export class Authentication {
  constructor(
    private readonly tokens: AccessTokensService,
    private readonly identities: IdentitiesService,
  ) {}

  /**
   * @param authorization the header of that name
   * @throws ApiError 401, with a sentence of its own for each fault
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

/** @throws ApiError 403 where a scope is missing */
export function assertScopes({ scopes }: Caller, required: readonly Scope[]): void {
  if (!required.every((scope) => scopes.includes(scope))) throw insufficientScope(required);
}

/** RFC 6750, section 2.1. @throws ApiError 401 */
function bearerToken(header: string | undefined): string {
  if (header === undefined) throw unauthorized('An access token is required: Authorization: Bearer <token>');
  // Twice where a token is pasted with its scheme into a form that adds one, as Authorize of Swagger UI does.
  const match = /^(?:Bearer +){1,2}([\w~+/.-]+=*)$/i.exec(header);
  if (match?.[1] === undefined) throw invalidToken('The Authorization header must be: Bearer <token>');
  return match[1];
}
