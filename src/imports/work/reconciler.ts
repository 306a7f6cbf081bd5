import { Injectable, Logger } from '@nestjs/common';
import { Dispatcher } from '../dispatch/dispatcher.js';
import type { ImportKind } from '../import-kind.js';
import { ImportKinds } from '../import-kinds.js';
import { ClaimsRepository } from './claims.repository.js';

/** Finds items that say running or queued while no worker and no job is behind them, and makes them pending again. */
@Injectable()
export class Reconciler {
  private readonly logger = new Logger(Reconciler.name);

  constructor(
    private readonly kinds: ImportKinds,
    private readonly claims: ClaimsRepository,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** After a restart Redis may have come back empty: whatever has no job is lost, whatever its lease says. */
  reconcileAtStart(): Promise<void> {
    return this.run(false);
  }

  reconcile(): Promise<void> {
    return this.run(true);
  }

  private async run(onlyOverdue: boolean): Promise<void> {
    for (const kind of this.kinds.all()) {
      const lost = await this.claims.recoverLost(kind.name);
      const queued = await this.claims.recoverQueued(kind.name, await itemIdsWithJob(kind), onlyOverdue);
      if (lost + queued > 0) {
        this.logger.log(`${kind.name}: ${lost} items without a worker and ${queued} without a job go on`);
      }
    }
    this.dispatcher.wake();
  }
}

/** The window is bounded, so this list is, too. */
async function itemIdsWithJob(kind: ImportKind): Promise<string[]> {
  const jobs = await kind.queue.getJobs(['waiting', 'active', 'delayed', 'paused']);
  // A job that ends between the two reads of Bull comes as null.
  return jobs.flatMap((job) => (job === null ? [] : [job.data.itemId]));
}
