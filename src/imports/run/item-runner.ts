import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { isUnreachable } from '../../database/unreachable-error.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { TimeLimitError } from '../../process/time-limit.js';
import { EngineFailure, ItemFailure, type Failure } from '../failure.js';
import type { ClaimedItem, ItemJob, ItemWorker } from '../import-kind.js';
import { ItemWorkers } from '../item-workers.js';
import { Claims } from './claims.js';
import type { Attempt } from '../record/attempt.js';
import { Recorder } from '../record/recorder.js';
import { InFlightItems } from './in-flight-items.js';
import { JobConsumer } from './job-consumer.js';

/** How long work may take to end in order after its signal. */
const GIVE_WAY_MS = 4_000;
/** Node fires a timer above this at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

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
      const outcome = await inTime(worker, item, signal);
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

/**
 * Processes an item within the time limit of its kind. Work that ignores its signal is abandoned: it keeps neither its
 * place nor the process, but may continue in the background.
 *
 * @throws TimeLimitError, the reason of the signal, or what the worker throws
 */
async function inTime(worker: ItemWorker, item: ClaimedItem, signal: AbortSignal): Promise<object> {
  const limit = new AbortController();
  const operation = `Processing an item of kind "${item.kind}"`;
  const limitMs = Math.min(worker.processMs, LONGEST_TIMER_MS);
  const timer = setTimeout(() => limit.abort(new TimeLimitError(operation, limitMs)), limitMs);
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    return await abandonedAfter(GIVE_WAY_MS, either, worker.process(item, either));
  } catch (error) {
    // Whatever the worker made of the signal, the reason of its end is the limit.
    if (limit.signal.aborted && !signal.aborted) throw limit.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for work, but after an abort only as long as an orderly end may take. */
async function abandonedAfter<T>(graceMs: number, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const abandoned = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => {
      setTimeout(() => reject(signal.reason), graceMs).unref();
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { signal: done.signal, once: true });
  });
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    done.abort();
    work.catch(() => undefined);
    abandoned.catch(() => undefined);
  }
}
