import { InjectQueue } from '@nestjs/bull';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bull';
import { Environment } from '../../config/environment.js';
import { withTimeLimit } from '../../process/time-limit.js';
import type { ItemJob } from '../import-kind.js';
import { ITEM_QUEUE } from '../item-queue.js';

/** Time limit for interrupting a consumer that waits for a job, in milliseconds. */
const INTERRUPT_LIMIT_MS = 2_000;

/**
 * Consumes the Bull jobs of all kinds in this process. No `@Process()`: a decorator is evaluated before the
 * configuration, which sets the concurrency, can be injected.
 *
 * Bull interrupts a waiting consumer by reconnecting it; if Redis is unavailable at that moment, the consumer stays
 * disconnected. `revive()` reconnects it.
 */
@Injectable()
export class JobConsumer {
  constructor(
    @InjectQueue(ITEM_QUEUE) private readonly queue: Queue<ItemJob>,
    private readonly environment: Environment,
  ) {}

  start(run: (job: ItemJob) => Promise<void>): void {
    void this.queue.process(this.environment.WORKER_CONCURRENCY, ({ data }) => run(data));
  }

  /** Stops taking jobs, even while Redis is unavailable. */
  async pause(): Promise<void> {
    // Bull marks the queue as paused before it contacts Redis.
    const paused = this.queue.pause(true, true);
    try {
      await withTimeLimit('Interrupting a consumer', INTERRUPT_LIMIT_MS, paused);
    } catch {
      // Without Redis no job arrives. The consumer stays paused until revive() reconnects it.
      paused.catch(() => undefined);
    }
  }

  async resume(): Promise<void> {
    await this.queue.resume(true);
    await this.revive();
  }

  /** Reconnects every queue client that has given up. */
  async revive(): Promise<void> {
    for (const client of this.queue.clients) if (client.status === 'end') await client.connect();
  }
}
