import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bull';
import { LRUCache } from 'lru-cache';
import { Environment } from '../../config/environment.js';
import { withTimeLimit } from '../../process/time-limit.js';
import { isReply, redisTrouble, type RedisTrouble } from '../../queue/redis-trouble.js';
import type { ImportKind, ItemJob } from '../import-kind.js';
import { ImportKinds } from '../import-kinds.js';

export interface NewJob {
  data: ItemJob;
  opts: { priority: number; removeOnComplete: true; removeOnFail: true };
}

/** How old an answer of Redis may be that is given again. */
const FRESH_MS = 1_000;
/** How long Redis may take over a look, and over taking jobs. */
const LOOK_LIMIT_MS = 2_000;
const ADD_LIMIT_MS = 5_000;

/** By script, as Bull does everything: an access control list may allow the one and not the other. */
const WRITE = `return redis.call('set', KEYS[1], '1', 'px', ARGV[1])`;

/** Jobs on their way into Bull: whether Redis takes them, and why not. Nothing else talks to Bull's queues about jobs. */
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
    private readonly kinds: ImportKinds,
    private readonly environment: Environment,
  ) {}

  /** Why no job can be added, as far as is known without asking; null where one can. */
  get heldBy(): RedisTrouble | null {
    const isConnected = this.kinds.all().every(({ queue }) => queue.client.status === 'ready');
    return isConnected ? this.trouble : 'redis';
  }

  /** Writes to Redis, at most once a second: why it takes no jobs, or null. */
  async look(): Promise<RedisTrouble | null> {
    return (await this.looks.forceFetch('trouble')).trouble;
  }

  /**
   * Adds jobs. Where Redis does not take them, that is told and found in {@link heldBy}; rows without a job are found by
   * the reconciler.
   *
   * @returns whether all of them are in Redis
   */
  async add({ queue }: ImportKind, jobs: readonly NewJob[]): Promise<boolean> {
    try {
      await withTimeLimit('Adding jobs', ADD_LIMIT_MS, addAll(queue, jobs));
      return true;
    } catch (error) {
      this.note(redisTrouble(error), error);
      return false;
    }
  }

  /** Items that have a job, at most as many as the window holds; null while Redis cannot be relied upon to know. */
  async itemIds({ queue }: ImportKind): Promise<string[] | null> {
    // Bull takes an error for an empty list.
    if ((await this.look()) !== null) return null;
    const jobs = await withTimeLimit(
      'Reading jobs',
      ADD_LIMIT_MS,
      queue.getJobs(['waiting', 'active', 'delayed', 'paused']),
    );
    // A job that ends between the two reads of Bull comes as null.
    return jobs.flatMap((job) => (job === null ? [] : [job.data.itemId]));
  }

  private async tryWrite(): Promise<RedisTrouble | null> {
    const [kind] = this.kinds.all();
    if (kind === undefined) return null;
    const { client } = kind.queue;
    try {
      // A client that is not connected would keep the command until it is.
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
      this.logger.warn(`Redis takes no jobs reason=${trouble} error=${String(error)}`);
    this.trouble = trouble;
    return trouble;
  }

  private noteWorks(): void {
    if (this.trouble === null) return;
    const seconds = Math.round((performance.now() - this.since) / 1_000);
    this.logger.log(`Redis takes jobs again reason=${this.trouble} after=${seconds}s`);
    this.trouble = null;
  }
}

/** @throws Error why a job was not taken, in the words of Redis */
async function addAll(queue: Queue<ItemJob>, jobs: readonly NewJob[]): Promise<void> {
  const [first, ...others] = await refused(queue, jobs);
  if (first === undefined) return;
  // In a transaction Bull hides what Redis answers to each job, and does not load a script again that Redis has lost
  // (SCRIPT FLUSH, a failover); a job on its own has both.
  await queue.add(first.data, first.opts);
  await Promise.all(others.map(({ data, opts }) => queue.add(data, opts)));
}

/** Adds jobs in one transaction; those that Redis did not take. */
async function refused(queue: Queue<ItemJob>, jobs: readonly NewJob[]): Promise<readonly NewJob[]> {
  try {
    const added: ReadonlyArray<{ id?: unknown }> = await queue.addBulk([...jobs]);
    return jobs.filter((_, index) => added[index]?.id === undefined);
  } catch (error) {
    if (isReply(error)) return jobs;
    throw error;
  }
}
