import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { forbidden } from '../http/api-error.js';
import { assertScopes } from './authentication.js';
import type { AuthenticatedRequest } from './caller.js';
import { RequiredScopes } from './require-scopes.decorator.js';

/**
 * Stands before every route; one that declares neither scopes nor that it is public is refused to all.
 *
 * Who calls was found out before the body was read (`admission.ts`). What is declared is looked at again here, where
 * Nest says it, so that a route whose declaration did not reach the router is closed and not open.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const required = this.reflector.getAllAndOverride(RequiredScopes, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (required === undefined) throw forbidden();
    if (required.length === 0) return true;
    const { caller } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (caller === undefined) throw forbidden();
    assertScopes(caller, required);
    return true;
  }
}
