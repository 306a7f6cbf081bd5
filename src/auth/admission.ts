import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ApiError, forbidden, notFound } from '../http/api-error.js';
import { NO_SUCH_ROUTE } from '../http/fastify-error.js';
import { fastifyOf } from '../http/fastify-seal.js';
import { RateLimits } from '../limits/rate-limits.js';
import { assertScopes, Authentication } from './authentication.js';
import type { AuthenticatedRequest } from './caller.js';
import { declaredScopes } from './require-scopes.decorator.js';

/** Cheap, frequently requested routes that must respond even when all others are rate-limited. */
const UNLIMITED = /^\/(?:health|media)\//;

/** Admits requests before their bodies are read, so that unauthenticated input is neither kept nor parsed. */
@Injectable()
export class Admission implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly authentication: Authentication,
    private readonly limits: RateLimits,
  ) {}

  onModuleInit(): void {
    fastifyOf(this.host.httpAdapter).addHook('onRequest', (request: FastifyRequest) => this.admit(request));
  }

  /** @throws ApiError 401, 403, 404, 429, 503 */
  private async admit(request: FastifyRequest & AuthenticatedRequest): Promise<void> {
    const { ip, headers, is404, method, url, routeOptions } = request;
    if (!UNLIMITED.test(url)) await this.limits.countRequest(ip);
    if (is404) throw notFound(NO_SUCH_ROUTE, 'url');
    const required = declaredScopes(routeOptions.config);
    if (required === undefined) {
      // Swagger UI and stored files are not routes of controllers and have no bodies. The guard refuses undeclared
      // routes.
      if (method === 'GET' || method === 'HEAD') return;
      throw forbidden();
    }
    if (required.length === 0) return;
    request.caller = await this.callerOf(ip, headers.authorization);
    await this.limits.countToken(request.caller.tokenId);
    assertScopes(request.caller, required);
  }

  /**
   * Beyond the failure limit the response is 429 instead of 401. Valid tokens still work: an unguessable token needs no
   * lockout, and one stranger behind a proxy must not lock out every other client of it.
   */
  private async callerOf(ip: string, authorization: string | undefined) {
    try {
      return await this.authentication.callerOf(authorization);
    } catch (error) {
      if (error instanceof ApiError && error.statusCode === 401) await this.limits.countFailedAuth(ip);
      throw error;
    }
  }
}
