import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { isUnreachable } from '../http/unreachable-error.js';
import { RecentBacklog } from '../imports/workers/recent-backlog.js';
import { WAITING_REASONS, type WaitingReason } from '../imports/workers/waiting.repository.js';

/** Tells why something waits. */
@Injectable()
export class BacklogHealth {
  constructor(
    private readonly backlog: RecentBacklog,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /**
   * Always up: what waits is safe in the database, and requests are served all the same. The reasons are told by name
   * alone, because everybody may ask; how much there is of each is for the metrics.
   */
  async check(key: string, timeoutMs: number): Promise<HealthIndicatorResult> {
    const waiting = await Promise.race([this.reasons(), wait(timeoutMs, null, { ref: false })]);
    return this.indicators.check(key).up({ waiting });
  }

  /** Null where the database does not tell; that it is down is told beside this. */
  private async reasons(): Promise<WaitingReason[] | null> {
    try {
      const { waiting } = await this.backlog.read();
      return WAITING_REASONS.filter((reason) => waiting[reason] > 0);
    } catch (error) {
      if (isUnreachable(error)) return null;
      throw error;
    }
  }
}
