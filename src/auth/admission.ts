import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ApiError, forbidden, notFound } from '../http/api-error.js';
import { NO_SUCH_ROUTE } from '../http/fastify-error.js';
import { RateLimits } from '../limits/rate-limits.js';
import { assertScopes, Authentication } from './authentication.js';
import type { AuthenticatedRequest } from './caller.js';
import { declaredScopes } from './require-scopes.decorator.js';

/** What is asked for often by those who mean well, costs little, and must answer when everything else is refused. */
const UNLIMITED = /^\/(?:health|media)\//;

/** Lets requests in before their bodies are read: what a stranger sends is neither kept nor parsed. */
@Injectable()
export class Admission implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly authentication: Authentication,
    private readonly limits: RateLimits,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter
      .getInstance()
      .addHook('onRequest', (request: FastifyRequest) => this.admit(request));
  }

  /** @throws ApiError 401, 403, 404, 429, 503 */
  private async admit(request: FastifyRequest & AuthenticatedRequest): Promise<void> {
    const { ip, headers, is404, method, url, routeOptions } = request;
    if (!UNLIMITED.test(url)) await this.limits.countRequest(ip);
    if (is404) throw notFound(NO_SUCH_ROUTE, 'url');
    const required = declaredScopes(routeOptions.config);
    if (required === undefined) {
      // Swagger UI and stored files are no routes of ours, and have no bodies. The guard refuses what is ours.
      if (method === 'GET' || method === 'HEAD') return;
      throw forbidden();
    }
    if (required.length === 0) return;
    request.caller = await this.callerOf(ip, headers.authorization);
    await this.limits.countToken(request.caller.tokenId);
    assertScopes(request.caller, required);
  }

  /**
   * Beyond the limit of failures the answer is 429 instead of 401, and good tokens are good all the same: a token that
   * cannot be guessed needs no lock, and one stranger behind a proxy must not lock out all others behind it.
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
