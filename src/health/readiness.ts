import { Injectable } from '@nestjs/common';
import type { HealthCheckResult } from '@nestjs/terminus';
import { LRUCache } from 'lru-cache';
import { BacklogHealth } from './backlog-health.js';
import { DatabaseHealth } from './database-health.js';
import { RedisHealth } from './redis-health.js';

/** How old an answer may be: anybody may ask, and asking often must not load the database. */
const FRESH_MS = 1_000;
const TIMEOUT_MS = 2_000;

/** Whether this process can do its work, and why something waits. For the API and the worker alike. */
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
  ) {}

  /**
   * Any number of calls at once are one look. Without Redis batches are accepted all the same, so its absence is told
   * but is no reason to be not ready.
   *
   * @returns also where the process is not ready: `status` says so
   */
  check(): Promise<HealthCheckResult> {
    return this.looks.forceFetch('ready');
  }

  private async look(): Promise<HealthCheckResult> {
    const checks = await Promise.all([
      this.database.check('database', TIMEOUT_MS),
      this.redis.check('redis'),
      this.backlog.check('backlog', TIMEOUT_MS),
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
