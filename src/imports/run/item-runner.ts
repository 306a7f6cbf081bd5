import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { isUnreachable } from '../../database/unreachable-error.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { inTime } from '../../process/in-time.js';
import { TimeLimitError } from '../../process/time-limit.js';
import { EngineFailure, ItemFailure, type Failure } from '../failure.js';
import type { ClaimedItem, ItemJob, ItemWorker, PlannedOutcome } from '../import-kind.js';
import { ItemWorkers } from '../item-workers.js';
import { Claims } from './claims.js';
import type { Attempt } from '../record/attempt.js';
import { Recorder } from '../record/recorder.js';
import { InFlightItems } from './in-flight-items.js';
import { JobConsumer } from './job-consumer.js';

/** Runs a Bull job: claims its item, processes it and records the outcome. */
@Injectable()
export class ItemRunner implements OnApplicationBootstrap {
  private readonly logger = new Logger(ItemRunner.name);

  constructor(
    private readonly claims: Claims,
    private readonly recorder: Recorder,
    private readonly inFlight: InFlightItems,
    private readonly lifecycle: Lifecycle,
    private readonly workers: ItemWorkers,
    private readonly consumer: JobConsumer,
  ) {
    lifecycle.on('stop', 'Pausing the consumer', () => consumer.pause());
    lifecycle.on('drain', 'Finishing in-flight items', () => inFlight.drain(lifecycle.deadline));
    lifecycle.on('release', 'Releasing leases', () => claims.release());
  }

  onApplicationBootstrap(): void {
    this.consumer.start((job) => this.run(job));
  }

  private async run({ itemId }: ItemJob): Promise<void> {
    // Returned to pending, so that another worker takes it at once.
    if (this.lifecycle.state !== 'accepting') return this.claims.unqueue(itemId);
    await this.inFlight.track(
      itemId,
      () => this.claims.claim(itemId),
      async (item, signal) => {
        const attempt = await this.attempt(item, this.workers.of(item.kind), signal);
        if (attempt !== null) await this.recorder.record(attempt);
      },
    );
  }

  /** @returns null if this worker no longer owns the item */
  private async attempt(item: ClaimedItem, worker: ItemWorker, signal: AbortSignal): Promise<Attempt | null> {
    const start = performance.now();
    try {
      const limits = {
        operation: `Processing an item of kind "${item.kind}"`,
        limitMs: worker.processMs,
        signal,
      };
      if (item.isPlan) {
        const planned = await inTime(limits, (either) => this.plan(item, worker, either));
        return { item, durationMs: performance.now() - start, ...planned };
      }
      const outcome = await inTime(limits, (either) => worker.process(item, either));
      return { item, durationMs: performance.now() - start, worker, outcome };
    } catch (error) {
      if (signal.aborted) return null;
      // The database is unavailable during shutdown: the lease expires, and another worker retries the item.
      if (!(error instanceof ItemFailure) && isUnreachable(error)) throw error;
      return { item, durationMs: performance.now() - start, failure: this.failureOf(error, item) };
    }
  }

  private plan(item: ClaimedItem, worker: ItemWorker, signal: AbortSignal): Promise<PlannedOutcome> {
    if (worker.plan === undefined) throw new Error(`Import kind "${item.kind}" cannot be planned`);
    return worker.plan(item, signal);
  }

  private failureOf(error: unknown, item: ClaimedItem): Failure {
    if (error instanceof ItemFailure) return error.failure;
    if (error instanceof TimeLimitError) {
      this.logger.error(`${error.message} import=${item.importId} item=${item.id}`);
      return EngineFailure.overdue;
    }
    this.logger.error(
      `Item failed unexpectedly import=${item.importId} item=${item.id}`,
      error instanceof Error ? error.stack : String(error),
    );
    return EngineFailure.internal;
  }
}
