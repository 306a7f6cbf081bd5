import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { isUnreachable } from '../database/unreachable-error.js';
import { RecentBacklog } from '../imports/workers/recent-backlog.js';
import { WAITING_REASONS, type WaitingReason } from '../imports/workers/waiting.repository.js';

/** Reports why items wait. */
@Injectable()
export class BacklogHealth {
  constructor(
    private readonly backlog: RecentBacklog,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /**
   * Always up: pending items are safe in the database, and requests are served. The endpoint is public, so it only
   * names the reasons; the metrics have the counts.
   */
  async check(key: string, timeoutMs: number): Promise<HealthIndicatorResult> {
    const waiting = await Promise.race([this.reasons(), wait(timeoutMs, null, { ref: false })]);
    return this.indicators.check(key).up({ waiting });
  }

  /** @returns null if the database is unavailable, which its own check reports */
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
