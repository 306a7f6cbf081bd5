import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { REDIS_TROUBLES } from '../../queue/redis-trouble.js';
import { WorkersRepository } from './workers.repository.js';

/** Why items wait that could otherwise be under way. A closed list. */
export const WAITING_REASONS = [
  'no_worker',
  'disk',
  ...REDIS_TROUBLES,
  'database_read_only',
  'host_asked',
  'host_failing',
  'retry',
] as const;

export type WaitingReason = (typeof WAITING_REASONS)[number];

/** What there is to do, and what keeps it from being done. */
export interface Backlog {
  /** Imports that are not finished. */
  imports: number;
  /** Items of theirs that have not ended, those under way included. */
  items: number;
  queued: number;
  running: number;
  /** Webhooks that are due or will be. */
  deliveries: number;
  /** Workers that are there, and the items that they can run at once. */
  workers: number;
  capacity: number;
  /** Seconds that a round of dispatching takes, on average over the workers; null where none has been made. */
  roundSeconds: number | null;
  /**
   * `no_worker`: 1 where none is there and something waits. `disk`, `redis…`: workers that take nothing because of it.
   * `database_read_only`: 1 where PostgreSQL takes no writes.
   * `host_asked`, `host_failing`: hosts that are left alone. `retry`: items that wait for another try.
   */
  waiting: Record<WaitingReason, number>;
}

interface Counts {
  imports: number;
  items: number;
  queued: number;
  running: number;
  retry: number;
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

  /** Costs as much as there are unfinished imports and items under way, however many items wait. */
  async backlog(): Promise<Backlog> {
    const [counts]: [Counts] = await this.dataSource.query(
      `SELECT started.imports, started.items, under_way.queued, under_way.running, retry.retry,
         host.host_asked, host.host_failing, delivery.deliveries,
         current_setting('transaction_read_only') = 'on' AS read_only
       FROM
         (SELECT count(*)::integer AS imports, coalesce(sum(total - success - skipped - failed), 0)::integer AS items
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
    const { retry, host_asked, host_failing, read_only, ...rest } = counts;
    const rounds = workers.flatMap(({ roundMs }) => (roundMs === null ? [] : [roundMs]));
    const held = (by: string): number => workers.filter(({ heldBy }) => heldBy === by).length;
    return {
      ...rest,
      workers: workers.length,
      capacity: workers.reduce((sum, { concurrency }) => sum + concurrency, 0),
      roundSeconds:
        rounds.length === 0 ? null : rounds.reduce((sum, ms) => sum + ms, 0) / rounds.length / 1_000,
      waiting: {
        // A worker cannot tell a database that takes no writes that it is there.
        no_worker: workers.length === 0 && rest.items > 0 && !read_only ? 1 : 0,
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
      },
    };
  }
}
