import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { JobQueue } from '../dispatch/job-queue.js';
import { KnownLanes } from '../dispatch/known-lanes.js';
import { Endings } from '../endings/endings.js';
import { EngineFailure, type Failure } from '../failure.js';
import type { ImportKind } from '../import-kind.js';
import { ImportKinds } from '../import-kinds.js';
import { LostRepository } from './lost.repository.js';

/** So many workers may come to an end over one item before it is given up. */
const LOST_LIMIT = 20;
/** Items that are given up in one transaction. */
const GIVE_UP_COUNT = 500;

/**
 * Finds items that say running or queued while no worker and no job is behind them, and makes them pending again; and
 * gives up those that nobody can do anything for.
 */
@Injectable()
export class Reconciler {
  private readonly logger = new Logger(Reconciler.name);

  constructor(
    private readonly kinds: ImportKinds,
    private readonly lost: LostRepository,
    private readonly dataSource: DataSource,
    private readonly endings: Endings,
    private readonly dispatcher: Dispatcher,
    private readonly lanes: KnownLanes,
    private readonly jobs: JobQueue,
    private readonly environment: Environment,
  ) {}

  /** Redis may have come back empty: whatever is queued without a job is lost, however short a time ago. */
  reconcileAll(): Promise<void> {
    return this.run(false);
  }

  reconcile(): Promise<void> {
    return this.run(true);
  }

  private async run(onlyOverdue: boolean): Promise<void> {
    for (const kind of this.kinds.all()) {
      const running = await this.lost.recoverRunning(kind.name);
      const hopeless = running.filter(({ lost }) => lost >= LOST_LIMIT).map(({ id }) => id);
      await this.giveUp(EngineFailure.lost, (tx) => this.lost.lockPending(tx, hopeless));
      const queued = await this.recoverQueued(kind, onlyOverdue);
      if (running.length + queued > 0) {
        this.logger.log(
          `${kind.name}: ${running.length} items without a worker and ${queued} without a job go on`,
        );
        this.dispatcher.wakeForMore();
      }
      const lanes = this.lanes.takeUnreachable(kind.name);
      await this.giveUp(EngineFailure.hostGone, (tx) =>
        this.lost.lockUnreachable(tx, lanes, this.environment.HOST_PATIENCE_MS, GIVE_UP_COUNT),
      );
    }
  }

  private async recoverQueued(kind: ImportKind, onlyOverdue: boolean): Promise<number> {
    const itemIds = await this.jobs.itemIds(kind);
    // Nothing can be dispatched then anyway.
    if (itemIds === null) return 0;
    return this.lost.recoverQueued(kind.name, itemIds, onlyOverdue);
  }

  private async giveUp(
    { code, reason, retryable }: Failure,
    lock: (tx: EntityManager) => Promise<string[]>,
  ): Promise<void> {
    const ending = {
      state: 'failed',
      code,
      reason,
      retryable,
      counts: false,
      dueInMs: 0,
      result: null,
    } as const;
    await this.dataSource.transaction(async (tx) => {
      const ids = await lock(tx);
      await this.endings.write(
        tx,
        ids.map((id) => ({ id, ...ending })),
      );
    });
  }
}
