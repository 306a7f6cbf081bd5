import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { forbidden } from '../http/api-error.js';
import { assertScopes } from './authentication.js';
import type { AuthenticatedRequest } from './caller.js';
import { RequiredScopes } from './require-scopes.decorator.js';

/**
 * Guards every route; a route that declares neither scopes nor `@Public()` is refused to everyone.
 *
 * The caller was authenticated before the body was read (`admission.ts`). The declaration is checked again here from
 * Nest's metadata, so that a route whose declaration did not reach the router stays closed.
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
