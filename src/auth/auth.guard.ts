import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { forbidden, unauthorized } from '../http/api-error.js';
import { insufficientScope, invalidToken } from './bearer-challenge.js';
import { AccessTokensService } from './access-tokens.service.js';
import type { AuthenticatedRequest } from './caller.js';
import { RequiredScopes } from './require-scopes.decorator.js';

/** Stands before every route; one that declares neither scopes nor that it is public is refused to all. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokensService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const required = this.reflector.getAllAndOverride(RequiredScopes, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (required === undefined) throw forbidden();
    if (required.length === 0) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    const caller = await this.tokens.verify(bearerToken(request.headers.authorization));
    if (!required.every((scope) => caller.scopes.includes(scope))) throw insufficientScope(required);
    request.caller = caller;
    return true;
  }
}

/** RFC 6750, section 2.1. @throws ApiError 401 */
function bearerToken(header: string | undefined): string {
  if (header === undefined) throw unauthorized('An access token is required: Authorization: Bearer <token>');
  const match = /^Bearer +([\w~+/.-]+=*)$/i.exec(header);
  if (match?.[1] === undefined) throw invalidToken('The Authorization header must be: Bearer <token>');
  return match[1];
}
