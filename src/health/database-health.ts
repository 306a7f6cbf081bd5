import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { ConnectionRenewal } from '../database/connection-renewal.js';

/** Why the database cannot be used: it is unreachable or accepts no writes. */
export type DatabaseFault = 'unreachable' | 'read_only';

/** Checks whether PostgreSQL accepts writes. */
@Injectable()
export class DatabaseHealth {
  private looking: Promise<DatabaseFault | null> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly renewal: ConnectionRenewal,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(key: string, timeoutMs: number): Promise<HealthIndicatorResult> {
    const start = performance.now();
    const fault = await Promise.race([this.look(), wait(timeoutMs, 'unreachable' as const, { ref: false })]);
    const indicator = this.indicators.check(key);
    if (fault !== null) return indicator.down({ reason: fault });
    return indicator.up({ responseTime: Math.round(performance.now() - start) });
  }

  /** One check at a time: while the database is unresponsive, further checks would use up the pool. */
  private look(): Promise<DatabaseFault | null> {
    this.looking ??= this.find().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async find(): Promise<DatabaseFault | null> {
    try {
      const rows: Array<{ setting: string }> = await this.dataSource.query(
        `SELECT current_setting('transaction_read_only') AS setting`,
      );
      if (rows[0]?.setting !== 'on') return null;
      // A new primary may be behind the same address.
      this.renewal.renew();
      return 'read_only';
    } catch {
      return 'unreachable'; // callers that need the database log the cause
    }
  }
}
