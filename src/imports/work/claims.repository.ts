import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { ClaimedItem } from '../import-kind.js';

interface ClaimedRow extends Omit<ClaimedItem, 'sequence'> {
  sequence: string;
}

/**
 * Who may work on an item. Whoever waits for items here locks them in the order of their ids, as everybody does, so that
 * no two wait for each other. Commits here do not wait for the disk: an item that a crash of the database makes queued
 * again has a worker whose result is void and no job, and the reconciler finds it.
 */
@Injectable()
export class ClaimsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Makes the worker the owner of those items that are queued; the others are somebody else's or over. */
  async claim(owner: string, itemIds: readonly string[], leaseMs: number): Promise<ClaimedItem[]> {
    const [rows]: [ClaimedRow[], number] = await this.dataSource.query(
      prepared(`WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
       queued AS MATERIALIZED (
         SELECT id FROM import_items WHERE id = ANY($2::bigint[]) AND state = 'queued' ORDER BY id FOR UPDATE
       )
       UPDATE import_items item
       SET state = 'running', claim = claim + 1, lease_owner = $1,
         lease_until = now() + $3 * interval '1 millisecond'
       FROM queued, imports import, relaxed
       WHERE item.id = queued.id AND import.id = item.import_id
       RETURNING item.id, item.claim, item.tries, item.code AS "lastCode", item.import_id AS "importId", import.sequence,
         import.project_id AS "projectId", import.system_name AS "systemName", item.external_id AS "externalId",
         item.title, item.payload, item.origin_host AS "originHost"`),
      [owner, itemIds, leaseMs],
    );
    return rows.map((row) => ({ ...row, sequence: BigInt(row.sequence) }));
  }

  /** Prolongs the leases of those of these items that a worker still owns; one that is being written is left alone. */
  async renew(owner: string, itemIds: readonly string[], leaseMs: number): Promise<void> {
    await this.dataSource.query(
      `WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
       UPDATE import_items SET lease_until = now() + $3 * interval '1 millisecond' FROM relaxed
       WHERE id IN (
         SELECT id FROM import_items WHERE id = ANY($2::bigint[]) AND lease_owner = $1 AND state = 'running'
         FOR UPDATE SKIP LOCKED)`,
      [owner, itemIds, leaseMs],
    );
  }

  /** Which of these items a worker still owns. */
  async owned(owner: string, itemIds: readonly string[]): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.dataSource.query(
      `SELECT id FROM import_items WHERE id = ANY($2::bigint[]) AND lease_owner = $1 AND state = 'running'`,
      [owner, itemIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Gives everything back that a worker holds, as if it had not been begun. */
  async release(owner: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE import_items SET state = 'pending', lease_owner = NULL, lease_until = NULL
       WHERE id IN (
         SELECT id FROM import_items WHERE lease_owner = $1 AND state = 'running' ORDER BY id FOR UPDATE)`,
      [owner],
    );
  }

  /** Gives an item back whose job came when the worker took nothing any more. */
  async unqueue(itemId: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE import_items SET state = 'pending', lease_until = NULL WHERE id = $1 AND state = 'queued'`,
      [itemId],
    );
  }
}
