import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { EngineFailure, ItemFailure, type Failure } from '../failure.js';
import type { ClaimedItem, ItemJob, ItemWorker } from '../import-kind.js';
import { Claims } from './claims.js';
import { Recorder, type Report } from './recorder.js';
import { retryDelay } from './retry-policy.js';
import { WorkUnderWay } from './work-under-way.js';

/** One job from Bull, from claiming its row to the recorded result. */
@Injectable()
export class ItemRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ItemRunner.name);

  constructor(
    private readonly claims: Claims,
    private readonly recorder: Recorder,
    private readonly underWay: WorkUnderWay,
    private readonly environment: Environment,
  ) {}

  async run<Payload extends object, Outcome extends object, Result extends object>(
    { itemId }: ItemJob,
    worker: ItemWorker<Payload, Outcome, Result>,
  ): Promise<void> {
    if (this.underWay.closed) return; // the row stays queued, and another worker or the next start finds it
    await this.underWay.track(
      itemId,
      () => this.claims.claim(itemId),
      async (item, signal) => {
        const report = await this.attempt(item, worker, signal);
        if (report !== null) await this.recorder.record(report);
      },
    );
  }

  /** Runs before the queues and the database close: work under way ends or is given back. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.close(this.environment.SHUTDOWN_GRACE_MS);
    await this.claims.release();
  }

  /** @returns null where the item is not ours to report on any more */
  private async attempt(item: ClaimedItem, worker: ItemWorker, signal: AbortSignal): Promise<Report | null> {
    try {
      return { item, worker, outcome: await worker.process(item, signal) };
    } catch (error) {
      if (signal.aborted) return null;
      const failure = this.failureOf(error, item);
      return { item, failure, retryInMs: retryDelay(failure, item.tries, this.environment.RETRY_SCHEDULE) };
    }
  }

  private failureOf(error: unknown, item: ClaimedItem): Failure {
    if (error instanceof ItemFailure) return error.failure;
    this.logger.error(
      `Item ${item.id} of import ${item.importId} failed`,
      error instanceof Error ? error.stack : String(error),
    );
    return EngineFailure.internal;
  }
}
