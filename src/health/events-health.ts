import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { LRUCache } from 'lru-cache';
import { isUnreachable } from '../database/unreachable-error.js';
import { EventsBacklogRepository, type EventReason } from '../events/events-backlog.repository.js';

/** Maximum age of the reasons. */
const FRESH_MS = 1_000;

/** Reports why events wait. */
@Injectable()
export class EventsHealth {
  /** One check at a time: while the database is unresponsive, further checks would use up the pool. */
  private readonly looks: LRUCache<'events', EventReason[]>;

  constructor(
    backlog: EventsBacklogRepository,
    private readonly indicators: HealthIndicatorService,
  ) {
    this.looks = new LRUCache({ max: 1, ttl: FRESH_MS, fetchMethod: () => backlog.reasons() });
  }

  /** Always up, like the backlog. The endpoint is public, so it names no listener; the metrics do. */
  async check(key: string, timeoutMs: number): Promise<HealthIndicatorResult> {
    const waiting = await Promise.race([this.reasons(), wait(timeoutMs, null, { ref: false })]);
    return this.indicators.check(key).up({ waiting });
  }

  /** @returns null if the database is unavailable, which its own check reports */
  private async reasons(): Promise<EventReason[] | null> {
    try {
      return await this.looks.forceFetch('events');
    } catch (error) {
      if (isUnreachable(error)) return null;
      throw error;
    }
  }
}
