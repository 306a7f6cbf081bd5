import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  HealthCheckService,
  TypeOrmHealthIndicator,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { Public } from '../auth/require-scopes.decorator.js';
import { RedisHealth } from './redis-health.js';

const TIMEOUT_MS = 2_000;

/** For whoever restarts processes and routes traffic. */
@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly redis: RedisHealth,
  ) {}

  @Get('live')
  @HealthCheck({ noCache: true })
  @ApiOperation({ operationId: 'isLive', summary: 'Whether the process answers' })
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** Without Redis batches are taken in all the same, so its absence is told but does not take the API out of traffic. */
  @Get('ready')
  @HealthCheck({ noCache: true })
  @ApiOperation({ operationId: 'isReady', summary: 'Whether requests can be served' })
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.database.pingCheck('database', { timeout: TIMEOUT_MS }),
      () => this.redis.check('redis', TIMEOUT_MS),
    ]);
  }
}
