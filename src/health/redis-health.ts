import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { JobQueue } from '../imports/dispatch/job-queue.js';

/** Checks whether Redis accepts jobs. */
@Injectable()
export class RedisHealth {
  constructor(
    private readonly jobs: JobQueue,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /** Always up, because items wait in the database during an outage. The details contain the state and the reason. */
  async check(key: string): Promise<HealthIndicatorResult> {
    const trouble = await this.jobs.look();
    return this.indicators.check(key).up({
      reachable: trouble !== 'redis',
      writable: trouble === null,
      ...(trouble !== null && { reason: trouble }),
    });
  }
}
