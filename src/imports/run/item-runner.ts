import { Injectable, Logger } from '@nestjs/common';
import { isUnreachable } from '../../database/unreachable-error.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { EngineFailure, ItemFailure, type Failure } from '../failure.js';
import type { ClaimedItem, ItemJob, ItemWorker } from '../import-kind.js';
import { Claims } from './claims.js';
import { Consumers } from './consumers.js';
import type { Attempt } from '../record/attempt.js';
import { Recorder } from '../record/recorder.js';
import { InFlightItems } from './in-flight-items.js';

/** Runs a Bull job: claims its item, processes it and records the outcome. */
@Injectable()
export class ItemRunner {
  private readonly logger = new Logger(ItemRunner.name);

  constructor(
    private readonly claims: Claims,
    private readonly recorder: Recorder,
    private readonly inFlight: InFlightItems,
    private readonly lifecycle: Lifecycle,
    consumers: Consumers,
  ) {
    lifecycle.on('stop', 'Pausing the consumers', () => consumers.pause());
    lifecycle.on('drain', 'Finishing in-flight items', () => inFlight.drain(lifecycle.deadline));
    lifecycle.on('release', 'Releasing leases', () => claims.release());
  }

  async run<Payload extends object, Outcome extends object, Result extends object>(
    { itemId }: ItemJob,
    worker: ItemWorker<Payload, Outcome, Result>,
  ): Promise<void> {
    // Returned to pending, so that another worker takes it at once.
    if (this.lifecycle.state !== 'accepting') return this.claims.unqueue(itemId);
    await this.inFlight.track(
      itemId,
      () => this.claims.claim(itemId),
      async (item, signal) => {
        const attempt = await this.attempt(item, worker, signal);
        if (attempt !== null) await this.recorder.record(attempt);
      },
    );
  }

  /** @returns null if this worker no longer owns the item */
  private async attempt(item: ClaimedItem, worker: ItemWorker, signal: AbortSignal): Promise<Attempt | null> {
    const start = performance.now();
    try {
      const outcome = await worker.process(item, signal);
      return { item, durationMs: performance.now() - start, worker, outcome };
    } catch (error) {
      if (signal.aborted) return null;
      // The database is unavailable during shutdown: the lease expires, and another worker retries the item.
      if (!(error instanceof ItemFailure) && isUnreachable(error)) throw error;
      return { item, durationMs: performance.now() - start, failure: this.failureOf(error, item) };
    }
  }

  private failureOf(error: unknown, item: ClaimedItem): Failure {
    if (error instanceof ItemFailure) return error.failure;
    this.logger.error(
      `Item failed unexpectedly import=${item.importId} item=${item.id}`,
      error instanceof Error ? error.stack : String(error),
    );
    return EngineFailure.internal;
  }
}
