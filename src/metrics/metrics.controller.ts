import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScopes } from '../auth/require-scopes.decorator.js';
import { Metrics } from './metrics.js';

/** Text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/ */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Exposes the metrics to Prometheus. */
@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', CONTENT_TYPE)
  @RequireScopes('public-api:admin')
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'The state of the installation, for Prometheus',
    description:
      'What there is to do, what does it, and why something waits (`reelport_waiting`): over all projects and processes; beside it, the figures of this process.',
  })
  @ApiOkResponse({
    content: {
      'text/plain': {
        schema: { type: 'string' },
        example: 'reelport_items_unfinished 120\nreelport_waiting{reason="host_failing"} 1\n',
      },
    },
  })
  read(): Promise<string> {
    return this.metrics.text();
  }
}
