import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { REDIS_TROUBLES } from '../../queue/redis-trouble.js';
import { WorkersRepository } from './workers.repository.js';

/** Why items wait that could otherwise be in flight. A closed list. */
export const WAITING_REASONS = [
  'no_worker',
  'kind_missing',
  'disk',
  ...REDIS_TROUBLES,
  'database_read_only',
  'host_asked',
  'host_failing',
  'retry',
  'not_before',
] as const;

export type WaitingReason = (typeof WAITING_REASONS)[number];

/** Pending work, and the reasons for which it waits. */
export interface Backlog {
  /** Unfinished imports. */
  imports: number;
  /** Unfinished items, including those in flight. */
  items: number;
  queued: number;
  running: number;
  /** Pending webhook deliveries. */
  deliveries: number;
  /** Live workers, and their total concurrency. */
  workers: number;
  capacity: number;
  /** Mean duration of a dispatch round over all workers, in seconds; null before the first round. */
  roundSeconds: number | null;
  /**
   * `no_worker`: 1 if items wait and no worker is alive. `kind_missing`: kinds with unfinished imports that no live
   * worker can run. `disk`, `redis…`: workers that dispatch nothing for this
   * reason. `database_read_only`: 1 if PostgreSQL accepts no writes. `host_asked`, `host_failing`: hosts whose circuit
   * is open, by `Retry-After` or after failures. `retry`: items in backoff. `not_before`: imports that start
   * later.
   */
  waiting: Record<WaitingReason, number>;
}

interface Counts {
  /** Kinds of unfinished imports. */
  kinds: string[];
  imports: number;
  items: number;
  queued: number;
  running: number;
  retry: number;
  not_before: number;
  host_asked: number;
  host_failing: number;
  deliveries: number;
  read_only: boolean;
}

@Injectable()
export class WaitingRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly workers: WorkersRepository,
  ) {}

  /** The cost depends on unfinished imports and in-flight items, not on the number of pending items. */
  async backlog(): Promise<Backlog> {
    const [counts]: [Counts] = await this.dataSource.query(
      `SELECT started.kinds, started.imports, started.items, started.not_before, under_way.queued, under_way.running, retry.retry,
         host.host_asked, host.host_failing, delivery.deliveries,
         current_setting('transaction_read_only') = 'on' AS read_only
       FROM
         (SELECT count(*)::integer AS imports, coalesce(sum(total - success - skipped - failed - planned), 0)::integer AS items,
            (count(*) FILTER (WHERE not_before > now()))::integer AS not_before,
            coalesce(array_agg(DISTINCT kind), '{}') AS kinds
          FROM imports WHERE state = 'started') started,
         (SELECT (count(*) FILTER (WHERE state = 'queued'))::integer AS queued,
            (count(*) FILTER (WHERE state = 'running'))::integer AS running
          FROM import_items WHERE state IN ('queued', 'running')) under_way,
         (SELECT count(*)::integer AS retry FROM import_items
          WHERE state = 'pending' AND code IS NOT NULL AND due_at > now()) retry,
         (SELECT (count(*) FILTER (WHERE asked_until > now()))::integer AS host_asked,
            (count(*) FILTER (WHERE blocked_until > now()))::integer AS host_failing FROM origin_hosts) host,
         (SELECT count(*)::integer AS deliveries FROM webhook_deliveries WHERE state = 'pending') delivery`,
    );
    const workers = await this.workers.alive();
    const { kinds, retry, not_before, host_asked, host_failing, read_only, ...rest } = counts;
    const runnable = new Set(workers.flatMap((worker) => worker.kinds));
    const rounds = workers.flatMap(({ roundMs }) => (roundMs === null ? [] : [roundMs]));
    const held = (by: string): number => workers.filter(({ heldBy }) => heldBy === by).length;
    return {
      ...rest,
      workers: workers.length,
      capacity: workers.reduce((sum, { concurrency }) => sum + concurrency, 0),
      roundSeconds:
        rounds.length === 0 ? null : rounds.reduce((sum, ms) => sum + ms, 0) / rounds.length / 1_000,
      waiting: {
        // Workers cannot write heartbeats to a read-only database.
        no_worker: workers.length === 0 && rest.items > 0 && !read_only ? 1 : 0,
        // Without any worker, all kinds are missing, which is another reason.
        kind_missing: workers.length === 0 ? 0 : kinds.filter((kind) => !runnable.has(kind)).length,
        disk: held('disk'),
        redis: held('redis'),
        redis_read_only: held('redis_read_only'),
        redis_memory: held('redis_memory'),
        redis_disk: held('redis_disk'),
        redis_refused: held('redis_refused'),
        database_read_only: read_only ? 1 : 0,
        host_asked,
        host_failing,
        retry,
        not_before,
      },
    };
  }
}
