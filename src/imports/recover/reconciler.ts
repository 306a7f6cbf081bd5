import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { hotTransaction } from '../../database/hot-transaction.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { JobQueue } from '../dispatch/job-queue.js';
import { KnownLanes } from '../dispatch/known-lanes.js';
import { EngineFailure, type Failure } from '../failure.js';
import { FinishedImports } from '../finish/finished-imports.js';
import { ItemRepository } from '../item/item.repository.js';

/** Worker crashes after which an item is given up. */
const LOST_LIMIT = 20;
/** Maximum items given up by one transaction. */
const GIVE_UP_COUNT = 500;

/**
 * Reclaims items whose lease expired, requeues items whose job Redis lost, and gives up items that no further attempt
 * can complete.
 */
@Injectable()
export class Reconciler {
  private readonly logger = new Logger(Reconciler.name);

  constructor(
    private readonly items: ItemRepository,
    private readonly dataSource: DataSource,
    private readonly finished: FinishedImports,
    private readonly dispatcher: Dispatcher,
    private readonly lanes: KnownLanes,
    private readonly jobs: JobQueue,
    private readonly environment: Environment,
  ) {}

  /** Requeues items without a job at once, because Redis may have lost all jobs. */
  reconcileAll(): Promise<void> {
    return this.run(false);
  }

  reconcile(): Promise<void> {
    return this.run(true);
  }

  private async run(onlyOverdue: boolean): Promise<void> {
    const reclaimed = await this.items.reclaim();
    const hopeless = reclaimed.filter(({ lost }) => lost >= LOST_LIMIT).map(({ id }) => id);
    await this.giveUp(EngineFailure.lost, (tx) => this.items.lockPending(tx, hopeless));
    const requeued = await this.requeue(onlyOverdue);
    if (reclaimed.length + requeued > 0) {
      this.logger.log(`Recovered items reclaimed=${reclaimed.length} requeued=${requeued}`);
      this.dispatcher.wakeForMore();
    }
    const lanes = this.lanes.takeUnreachable();
    await this.giveUp(EngineFailure.hostGone, (tx) =>
      this.items.lockUnreachable(tx, lanes, this.environment.HOST_PATIENCE_MS, GIVE_UP_COUNT),
    );
  }

  private async requeue(onlyOverdue: boolean): Promise<number> {
    const itemIds = await this.jobs.itemIds();
    // Redis is unavailable, so no job could be added anyway.
    if (itemIds === null) return 0;
    return this.items.requeue(itemIds, onlyOverdue);
  }

  private async giveUp(failure: Failure, lock: (tx: EntityManager) => Promise<string[]>): Promise<void> {
    await hotTransaction(this.dataSource, async (tx) => {
      const itemIds = await lock(tx);
      await this.finished.announce(tx, await this.items.giveUp(tx, itemIds, failure));
    });
  }
}
