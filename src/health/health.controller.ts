import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult } from '@nestjs/terminus';
import { Public } from '../auth/require-scopes.decorator.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { Lifecycle } from '../process/lifecycle.js';
import { assertReady, draining } from './assert-ready.js';
import { Readiness } from './readiness.js';

const LIVE: HealthCheckResult = { status: 'ok', info: {}, error: {}, details: {} };
const CHECKS = {
  database: { status: 'up', responseTime: 1 },
  redis: { status: 'up', reachable: true, writable: true },
};
const READY = { status: 'ok', info: CHECKS, error: {}, details: CHECKS };

/** Liveness and readiness probes for orchestrators and load balancers. */
@ApiTags('Health')
@Controller('health')
@Public()
@ApiErrors({ 400: { host: 'This header is required by HTTP/1.1' } })
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Get('live')
  @HealthCheck({ noCache: true })
  @ApiOperation({ operationId: 'isLive', summary: 'Whether the process answers' })
  @ApiOkResponse({ description: 'It does', schema: { type: 'object', example: LIVE } })
  live(): HealthCheckResult {
    return LIVE;
  }

  @Get('ready')
  @HealthCheck({ noCache: true })
  @ApiOperation({ operationId: 'isReady', summary: 'Whether requests can be served' })
  @ApiOkResponse({ description: 'They can', schema: { type: 'object', example: READY } })
  @ApiErrors({ 503: { database: 'This is down' } })
  async ready(): Promise<HealthCheckResult> {
    if (this.lifecycle.state !== 'accepting') throw draining();
    return assertReady(await this.readiness.check());
  }
}
