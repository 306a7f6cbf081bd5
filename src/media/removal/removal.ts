import { Inject, Injectable, Logger } from '@nestjs/common';
import { StorageError, type Storage } from '#libs/storage';
import { Environment } from '../../config/environment.js';
import { MEDIA_STORAGE } from '../storage/media-storage.js';
import { Leftovers } from './leftovers.js';
import { OrphansRepository } from './orphans.repository.js';
import { StorageWalk } from './storage-walk.js';

/** Rows per batch. */
const SLICE = 500;

/** A slice is one page of an S3 listing; a run takes place every hour, or more often if the grace period is short. */
const WALK = { perSlice: 1_000, perRun: 100_000 };

/**
 * Removes unneeded files, never before their grace period is over: replaced files, files that a crash left in storage,
 * and abandoned downloads.
 */
@Injectable()
export class Removal {
  private readonly logger = new Logger(Removal.name);
  private readonly walk: StorageWalk;
  /** Keys without a row whose deletion failed: the next run deletes them, or after a restart the walk finds them. */
  private undeleted: string[] = [];

  constructor(
    private readonly orphans: OrphansRepository,
    private readonly leftovers: Leftovers,
    @Inject(MEDIA_STORAGE) private readonly storage: Storage,
    private readonly environment: Environment,
  ) {
    this.walk = new StorageWalk(storage, WALK);
  }

  /** Runs the sweep once. Deletions that the storage refuses are left to the next run. */
  async run(signal: AbortSignal): Promise<void> {
    await this.leftovers.remove(signal);
    await this.orphans.exclusively(async () => {
      await this.erase(signal);
      await this.mark(signal);
      try {
        await this.removeReplaced(signal);
        await this.removeUnrecorded(signal);
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        this.logger.warn(`Orphan sweep stopped, storage unavailable code=${error.code}: ${error.message}`);
      }
    });
  }

  /** Ends the grace period of removed media. */
  private async erase(signal: AbortSignal): Promise<void> {
    const { ORPHAN_GRACE_MS } = this.environment;
    for (let erased = SLICE; erased === SLICE && !signal.aborted;) {
      erased = await this.orphans.eraseRemoved(ORPHAN_GRACE_MS, SLICE);
    }
  }

  /** Starts the grace period of assets that lost their last reference. */
  private async mark(signal: AbortSignal): Promise<void> {
    for (let place: string | null = '0'; place !== null && !signal.aborted;) {
      place = await this.orphans.markReleased(place, SLICE);
    }
  }

  /** Removes files of unreferenced assets. The row is deleted first: the walk finds a file without a row. */
  private async removeReplaced(signal: AbortSignal): Promise<void> {
    await this.deleteFiles();
    while (!signal.aborted) {
      this.undeleted = await this.orphans.take(this.environment.ORPHAN_GRACE_MS, SLICE);
      const isLast = this.undeleted.length < SLICE;
      await this.deleteFiles();
      if (isLast) return;
    }
  }

  private async deleteFiles(): Promise<void> {
    for (let key = this.undeleted.at(-1); key !== undefined; key = this.undeleted.at(-1)) {
      await this.storage.delete(key);
      this.undeleted.pop();
    }
  }

  /** Removes files that were stored but never recorded. Results are recorded only within half of the grace period. */
  private async removeUnrecorded(signal: AbortSignal): Promise<void> {
    for await (const objects of this.walk.run(signal)) {
      const old = objects.filter(({ modifiedAt }) => this.isOver(modifiedAt)).map(({ key }) => key);
      if (old.length === 0) continue;
      for (const key of await this.orphans.unknown(old)) await this.storage.delete(key);
    }
  }

  private isOver(modifiedAt: Date): boolean {
    return Date.now() - modifiedAt.getTime() > this.environment.ORPHAN_GRACE_MS;
  }
}
