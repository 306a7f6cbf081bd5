import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { JobQueue } from '../imports/dispatch/job-queue.js';

/** Looks whether Redis takes jobs. */
@Injectable()
export class RedisHealth {
  constructor(
    private readonly jobs: JobQueue,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /** Always up: work waits in the database while Redis takes none. The details say whether it does, and why not. */
  async check(key: string): Promise<HealthIndicatorResult> {
    const trouble = await this.jobs.look();
    return this.indicators.check(key).up({
      reachable: trouble !== 'redis',
      writable: trouble === null,
      ...(trouble !== null && { reason: trouble }),
    });
  }
}
