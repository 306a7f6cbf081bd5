import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { ImportKind } from '../import-kind.js';
import { ImportKinds } from '../import-kinds.js';
import { DispatchRepository } from './dispatch.repository.js';

/**
 * Moves items from the database into Bull: few enough that a backlog of a million costs Redis nothing, and in turns,
 * so that nobody waits for somebody else's backlog. Runs in every process, one round at a time over all of them.
 */
@Injectable()
export class Dispatcher implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Dispatcher.name);
  private round: Promise<void> | null = null;
  private wanted = false;
  private stopped = false;
  private failing = false;

  constructor(
    private readonly kinds: ImportKinds,
    private readonly repository: DispatchRepository,
    private readonly environment: Environment,
  ) {}

  /** Asks for a round soon; any number of calls during a round make one more. */
  wake(): void {
    this.wanted = true;
    if (this.round !== null || this.stopped) return;
    this.round = this.rounds().finally(() => {
      this.round = null;
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.round;
  }

  private async rounds(): Promise<void> {
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      try {
        for (const kind of this.kinds.all()) await this.dispatch(kind);
        this.failing = false;
      } catch (error) {
        // The next wake tries again; an outage is told once, not once a second.
        if (!this.failing) this.logger.error(`Dispatching has to wait: ${String(error)}`);
        this.failing = true;
      }
    }
  }

  private async dispatch(kind: ImportKind): Promise<void> {
    const ids = await this.repository.exclusively(kind.name, (tx) =>
      this.repository.takeNext(tx, kind.name, {
        window: this.environment.DISPATCH_WINDOW,
        hostConcurrency: this.environment.HOST_CONCURRENCY,
        leaseMs: this.environment.LEASE_MS,
      }),
    );
    if (ids.length === 0) return;
    // After the commit: a job that came first would find its row not queued yet and be over. If this process dies in
    // between, the reconciler finds rows without jobs.
    await kind.queue.addBulk(
      ids.map((itemId) => ({ data: { itemId }, opts: { removeOnComplete: true, removeOnFail: true } })),
    );
  }
}
