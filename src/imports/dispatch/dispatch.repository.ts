import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { Portion, UnderWay } from './lane.js';

export interface TakenItem {
  id: string;
  /** Place of its portion in the list. */
  place: number;
  /** From 0 within the portion, in the order in which they are to run. */
  rank: number;
}

/** Any number that nothing else uses; the second half of the lock is the kind. */
const DISPATCH_LOCK = 7_333_502;

@Injectable()
export class DispatchRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs a round while no other process of this installation runs one. A process that is suspended in the middle loses
   * its connection, and with it the lock. The commit does not wait for the disk: what a crash of the database forgets is
   * an item that is pending while its job is on the way, and such a job does nothing.
   */
  exclusively<T>(kind: string, round: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query(
        prepared(`SELECT set_config('synchronous_commit', 'off', true),
           set_config('idle_in_transaction_session_timeout', '5s', true),
           pg_advisory_xact_lock($1, hashtext($2))`),
        [DISPATCH_LOCK, kind],
      );
      return round(tx);
    });
  }

  /** What is under way, by project, import and host. */
  underWay(tx: EntityManager, kind: string): Promise<UnderWay[]> {
    return tx.query(
      prepared(`WITH busy AS MATERIALIZED (
         SELECT import_id, origin_host AS host, count(*)::integer AS count,
           (count(*) FILTER (WHERE state = 'queued'))::integer AS queued
         FROM import_items WHERE state IN ('queued', 'running') GROUP BY 1, 2
       )
       SELECT import.project_id AS "projectId", busy.import_id AS "importId", busy.host, busy.count, busy.queued
       FROM busy JOIN imports import ON import.id = busy.import_id
       WHERE import.kind = $1`),
      [kind],
    );
  }

  /** Marks the first due items of each portion's lane as queued: as many as it has turns, or fewer. */
  async take(tx: EntityManager, portions: readonly Portion[], leaseMs: number): Promise<TakenItem[]> {
    const [rows]: [TakenItem[], number] = await tx.query(
      prepared(`WITH portion AS (
         SELECT import_id, origin_host, count, place::integer - 1 AS place
         FROM unnest($1::text[], $2::text[], $3::integer[]) WITH ORDINALITY AS portion (import_id, origin_host, count, place)
       ),
       due AS (
         SELECT item.id, item.due_at, item.position, portion.place FROM portion CROSS JOIN LATERAL (
           SELECT id, due_at, position FROM import_items
           WHERE import_id = portion.import_id AND origin_host = portion.origin_host
             AND state = 'pending' AND due_at <= now()
           ORDER BY due_at, position LIMIT portion.count
           FOR UPDATE SKIP LOCKED
         ) item
       ),
       next AS (
         SELECT id, place, row_number() OVER (PARTITION BY place ORDER BY due_at, position)::integer - 1 AS rank FROM due
       )
       UPDATE import_items item
       SET state = 'queued', lease_until = now() + $4 * interval '1 millisecond'
       FROM next WHERE item.id = next.id
       RETURNING item.id, next.place, next.rank`),
      [
        portions.map(({ lane }) => lane.importId),
        portions.map(({ lane }) => lane.host),
        portions.map(({ turns }) => turns.length),
        leaseMs,
      ],
    );
    return rows;
  }
}
