import { Injectable, Logger } from '@nestjs/common';
import { isUnreachable } from '../../http/unreachable-error.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { EngineFailure, ItemFailure, type Failure } from '../failure.js';
import type { ClaimedItem, ItemJob, ItemWorker } from '../import-kind.js';
import { Claims } from './claims.js';
import { Consumers } from './consumers.js';
import { Recorder } from './recorder.js';
import type { Report } from './report.js';
import { WorkUnderWay } from './work-under-way.js';

/** One job from Bull, from claiming its row to the recorded result. */
@Injectable()
export class ItemRunner {
  private readonly logger = new Logger(ItemRunner.name);

  constructor(
    private readonly claims: Claims,
    private readonly recorder: Recorder,
    private readonly underWay: WorkUnderWay,
    private readonly lifecycle: Lifecycle,
    consumers: Consumers,
  ) {
    lifecycle.on('stop', 'Pausing the consumers', () => consumers.pause());
    lifecycle.on('drain', 'Finishing in-flight items', () => underWay.drain(lifecycle.deadline));
    lifecycle.on('release', 'Releasing leases', () => claims.release());
  }

  async run<Payload extends object, Outcome extends object, Result extends object>(
    { itemId }: ItemJob,
    worker: ItemWorker<Payload, Outcome, Result>,
  ): Promise<void> {
    // Another worker takes it at once.
    if (this.lifecycle.state !== 'accepting') return this.claims.unqueue(itemId);
    await this.underWay.track(
      itemId,
      () => this.claims.claim(itemId),
      async (item, signal) => {
        const report = await this.attempt(item, worker, signal);
        if (report !== null) await this.recorder.record(report);
      },
    );
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
