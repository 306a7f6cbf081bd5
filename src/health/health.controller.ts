import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  HealthCheckService,
  TypeOrmHealthIndicator,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { Public } from '../auth/require-scopes.decorator.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { BacklogHealth } from './backlog-health.js';
import { RedisHealth } from './redis-health.js';

const TIMEOUT_MS = 2_000;

const LIVE = { status: 'ok', info: {}, error: {}, details: {} };
const CHECKS = { database: { status: 'up', responseTime: 1 }, redis: { status: 'up', reachable: true } };
const READY = { status: 'ok', info: CHECKS, error: {}, details: CHECKS };

/** For whoever restarts processes and routes traffic. */
@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly redis: RedisHealth,
    private readonly backlog: BacklogHealth,
  ) {}

  @Get('live')
  @HealthCheck({ noCache: true })
  @ApiOperation({ operationId: 'isLive', summary: 'Whether the process answers' })
  @ApiOkResponse({ description: 'It does', schema: { type: 'object', example: LIVE } })
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** Without Redis batches are taken in all the same, so its absence is told but does not take the API out of traffic. */
  @Get('ready')
  @HealthCheck({ noCache: true })
  @ApiOperation({ operationId: 'isReady', summary: 'Whether requests can be served' })
  @ApiOkResponse({ description: 'They can', schema: { type: 'object', example: READY } })
  @ApiErrors({ 503: { database: 'This is down' } })
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.database.pingCheck('database', { timeout: TIMEOUT_MS }),
      () => this.redis.check('redis', TIMEOUT_MS),
      () => this.backlog.check('backlog', TIMEOUT_MS),
    ]);
  }
}
