import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Scope } from './scopes.js';

/** The authenticated caller of a request. */
export interface Caller {
  projectId: number;
  tokenId: string;
  /** Name of the access token, or what the identity provider calls the caller. */
  name: string;
  scopes: readonly Scope[];
}

/** A request that passed the guard of a route with scopes. */
export interface AuthenticatedRequest {
  caller?: Caller;
}

/** The caller of a route that declares scopes. */
export const CurrentCaller = createParamDecorator((_: undefined, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (caller === undefined) throw new Error('A public route has no caller');
  return caller;
});
