import { InjectQueue } from '@nestjs/bull';
import { Injectable, Logger } from '@nestjs/common';
import type { Job, JobStatus, Queue } from 'bull';
import { LRUCache } from 'lru-cache';
import { Environment } from '../../config/environment.js';
import { withTimeLimit } from '../../process/time-limit.js';
import { isReply, redisTrouble, type RedisTrouble } from '../../queue/redis-trouble.js';
import { closeQueue } from '../close-queue.js';
import type { ItemJob } from '../import-kind.js';
import { ITEM_QUEUE } from '../item-queue.js';

export interface NewJob {
  data: ItemJob;
  opts: { priority: number; removeOnComplete: true; removeOnFail: true };
}

/** How long a check result is reused. */
const FRESH_MS = 1_000;
/** Time limits of a check and of adding or reading jobs. */
const LOOK_LIMIT_MS = 2_000;
const ADD_LIMIT_MS = 5_000;

/** A job that was taken this long ago without a claim belongs to a killed worker; Bull notices only after its lock. */
const UNCLAIMED_MS = 5_000;

/** Writes by script, as Bull does: an access control list may allow plain commands but not scripts. */
const WRITE = `return redis.call('set', KEYS[1], '1', 'px', ARGV[1])`;

/** The only access to jobs in Bull's queue. Knows whether Redis accepts jobs, and if not, why. */
@Injectable()
export class JobQueue {
  private readonly logger = new Logger('Redis');
  private readonly looks = new LRUCache<'trouble', { trouble: RedisTrouble | null }>({
    max: 1,
    ttl: FRESH_MS,
    fetchMethod: async () => ({ trouble: await this.tryWrite() }),
  });
  private trouble: RedisTrouble | null = null;
  private since = 0;

  constructor(
    @InjectQueue(ITEM_QUEUE) private readonly queue: Queue<ItemJob>,
    private readonly environment: Environment,
  ) {
    // Replaces the hook of @nestjs/bull, which fails the shutdown while Redis is unavailable.
    Object.assign(queue, { onApplicationShutdown: () => closeQueue(queue) });
  }

  /** Why no job can be added, from the latest result without a query; null if jobs are accepted. */
  get heldBy(): RedisTrouble | null {
    return this.queue.client.status === 'ready' ? this.trouble : 'redis';
  }

  /** Checks by a write, at most once a second. @returns why Redis accepts no jobs, or null */
  async look(): Promise<RedisTrouble | null> {
    return (await this.looks.forceFetch('trouble')).trouble;
  }

  /**
   * Adds jobs. If Redis rejects them, this is logged and {@link heldBy} gives the reason; the reconciler requeues rows
   * without a job.
   *
   * @returns whether all of them are in Redis
   */
  async add(jobs: readonly NewJob[]): Promise<boolean> {
    try {
      await withTimeLimit('Adding jobs', ADD_LIMIT_MS, addAll(this.queue, jobs));
      return true;
    } catch (error) {
      this.note(redisTrouble(error), error);
      return false;
    }
  }

  /**
   * Reads which queued items have a job that a worker will take; bounded by the dispatch window.
   *
   * @returns null while Redis is unavailable
   */
  async itemIds(): Promise<string[] | null> {
    // Bull returns an empty list on errors.
    if ((await this.look()) !== null) return null;
    const read = (...types: JobStatus[]): Promise<Array<Job<ItemJob> | null>> =>
      withTimeLimit('Reading jobs', ADD_LIMIT_MS, this.queue.getJobs(types));
    const takenBefore = Date.now() - UNCLAIMED_MS;
    // In this order: a job that is taken between the two reads is in one of them.
    const waiting = await read('waiting', 'delayed', 'paused');
    const taken = await read('active');
    // A job that finishes between Bull's own reads is null; one without `processedOn` was taken by a worker that was
    // killed at once.
    return [
      ...waiting,
      ...taken.filter((job) => job !== null && (job.processedOn ?? job.timestamp) >= takenBefore),
    ].flatMap((job) => (job === null ? [] : [job.data.itemId]));
  }

  /**
   * Sets a key that exists as long as Redis keeps its data.
   *
   * @returns whether it was missing, which means that Redis has lost its jobs; false while Redis is unavailable
   */
  async restoreMarker(): Promise<boolean> {
    if ((await this.look()) !== null) return false;
    return (await this.queue.client.set(`${this.environment.REDIS_PREFIX}:alive`, '1', 'NX')) === 'OK';
  }

  private async tryWrite(): Promise<RedisTrouble | null> {
    const { client } = this.queue;
    try {
      // A disconnected client would queue the command until it reconnects.
      if (client.status !== 'ready') throw new Error('Not connected');
      await withTimeLimit(
        'A write',
        LOOK_LIMIT_MS,
        client.call('EVAL', WRITE, 1, `${this.environment.REDIS_PREFIX}:write`, 60_000),
      );
      this.noteWorks();
      return null;
    } catch (error) {
      return this.note(redisTrouble(error), error);
    }
  }

  private note(trouble: RedisTrouble, error: unknown): RedisTrouble {
    if (this.trouble === null) this.since = performance.now();
    if (this.trouble !== trouble)
      this.logger.warn(`Redis accepts no jobs reason=${trouble} error=${String(error)}`);
    this.trouble = trouble;
    return trouble;
  }

  private noteWorks(): void {
    if (this.trouble === null) return;
    const seconds = Math.round((performance.now() - this.since) / 1_000);
    this.logger.log(`Redis accepts jobs again reason=${this.trouble} after=${seconds}s`);
    this.trouble = null;
  }
}

/** @throws Error the reply of Redis that rejected a job */
async function addAll(queue: Queue<ItemJob>, jobs: readonly NewJob[]): Promise<void> {
  const [first, ...others] = await refused(queue, jobs);
  if (first === undefined) return;
  // In a transaction Bull hides the reply for each job and does not reload scripts that Redis has lost (SCRIPT FLUSH,
  // failover); adding a single job does both.
  await queue.add(first.data, first.opts);
  await Promise.all(others.map(({ data, opts }) => queue.add(data, opts)));
}

/** Adds jobs in one transaction. @returns the jobs that Redis rejected */
async function refused(queue: Queue<ItemJob>, jobs: readonly NewJob[]): Promise<readonly NewJob[]> {
  try {
    const added: ReadonlyArray<{ id?: unknown }> = await queue.addBulk([...jobs]);
    return jobs.filter((_, index) => added[index]?.id === undefined);
  } catch (error) {
    if (isReply(error)) return jobs;
    throw error;
  }
}
