import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { isUnreachable } from '../../http/unreachable-error.js';
import { EngineFailure, ItemFailure, type Failure } from '../failure.js';
import type { ClaimedItem, ItemJob, ItemWorker } from '../import-kind.js';
import { ImportKinds } from '../import-kinds.js';
import { Claims } from './claims.js';
import { Recorder } from './recorder.js';
import type { Report } from './report.js';
import { WorkUnderWay } from './work-under-way.js';

/** One job from Bull, from claiming its row to the recorded result. */
@Injectable()
export class ItemRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ItemRunner.name);

  constructor(
    private readonly kinds: ImportKinds,
    private readonly claims: Claims,
    private readonly recorder: Recorder,
    private readonly underWay: WorkUnderWay,
    private readonly environment: Environment,
  ) {}

  async run<Payload extends object, Outcome extends object, Result extends object>(
    { itemId }: ItemJob,
    worker: ItemWorker<Payload, Outcome, Result>,
  ): Promise<void> {
    // Another worker goes on with it at once.
    if (this.underWay.closed) return this.claims.unqueue(itemId);
    await this.underWay.track(
      itemId,
      () => this.claims.claim(itemId),
      async (item, signal) => {
        const report = await this.attempt(item, worker, signal);
        if (report !== null) await this.recorder.record(report);
      },
    );
  }

  /** Runs before the queues and the database close: work under way ends or is given back, the queue is left to others. */
  async beforeApplicationShutdown(): Promise<void> {
    this.underWay.closed = true;
    for (const { queue } of this.kinds.all()) await queue.pause(true, true);
    await this.underWay.close(this.environment.SHUTDOWN_GRACE_MS);
    await this.claims.release();
  }

  /** @returns null where the item is not ours to report on any more */
  private async attempt(item: ClaimedItem, worker: ItemWorker, signal: AbortSignal): Promise<Report | null> {
    const start = performance.now();
    try {
      const outcome = await worker.process(item, signal);
      return { item, tookMs: performance.now() - start, worker, outcome };
    } catch (error) {
      if (signal.aborted) return null;
      // The database went away and the process ends: the lease runs out, and somebody begins anew.
      if (!(error instanceof ItemFailure) && isUnreachable(error)) throw error;
      return { item, tookMs: performance.now() - start, failure: this.failureOf(error, item) };
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
