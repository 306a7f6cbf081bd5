import { Injectable } from '@nestjs/common';
import type { HealthCheckResult } from '@nestjs/terminus';
import { LRUCache } from 'lru-cache';
import { BacklogHealth } from './backlog-health.js';
import { DatabaseHealth } from './database-health.js';
import { EventsHealth } from './events-health.js';
import { RedisHealth } from './redis-health.js';

/** Maximum age of a result: the endpoint is public, and frequent calls must not load the database. */
const FRESH_MS = 1_000;
const TIMEOUT_MS = 2_000;

/** Checks whether this process, API or worker, is ready, and why items and events wait. */
@Injectable()
export class Readiness {
  private readonly looks = new LRUCache<'ready', HealthCheckResult>({
    max: 1,
    ttl: FRESH_MS,
    fetchMethod: () => this.look(),
  });

  constructor(
    private readonly database: DatabaseHealth,
    private readonly redis: RedisHealth,
    private readonly backlog: BacklogHealth,
    private readonly events: EventsHealth,
  ) {}

  /**
   * Concurrent calls share one check. Batches are accepted without Redis, so a Redis outage is reported but does not
   * affect readiness.
   *
   * @returns the result, with the `status` "error" if the process is not ready
   */
  check(): Promise<HealthCheckResult> {
    return this.looks.forceFetch('ready');
  }

  private async look(): Promise<HealthCheckResult> {
    const checks = await Promise.all([
      this.database.check('database', TIMEOUT_MS),
      this.redis.check('redis'),
      this.backlog.check('backlog', TIMEOUT_MS),
      this.events.check('events', TIMEOUT_MS),
    ]);
    const all = checks.flatMap((check) => Object.entries(check));
    const isDown = ([, { status }]: (typeof all)[number]): boolean => status === 'down';
    return {
      status: all.some(isDown) ? 'error' : 'ok',
      info: Object.fromEntries(all.filter((check) => !isDown(check))),
      error: Object.fromEntries(all.filter(isDown)),
      details: Object.fromEntries(all),
    };
  }
}
