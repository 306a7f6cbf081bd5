import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { ImportKinds } from '../imports/import-kinds.js';

/** Looks whether Redis answers. */
@Injectable()
export class RedisHealth {
  constructor(
    private readonly kinds: ImportKinds,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /** Always up: work waits in the database while Redis is away. The details say whether it does. */
  async check(key: string, timeoutMs: number): Promise<HealthIndicatorResult> {
    const [kind] = this.kinds.all();
    const answers =
      kind !== undefined && (await Promise.race([pings(kind.queue.client), wait(timeoutMs, false)]));
    return this.indicators.check(key).up({ reachable: answers });
  }
}

async function pings(client: { status: string; ping(): Promise<string> }): Promise<boolean> {
  // A client that is not connected would keep the command until it is.
  if (client.status !== 'ready') return false;
  try {
    return (await client.ping()) === 'PONG';
  } catch {
    return false; // that it failed is the answer
  }
}
