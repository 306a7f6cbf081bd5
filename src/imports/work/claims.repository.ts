import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClaimedItem } from '../import-kind.js';

interface ClaimedRow extends Omit<ClaimedItem, 'sequence'> {
  sequence: string;
}

@Injectable()
export class ClaimsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Makes the worker the owner of those items that are queued; the others are somebody else's or over. */
  async claim(owner: string, itemIds: readonly string[], leaseMs: number): Promise<ClaimedItem[]> {
    const [rows]: [ClaimedRow[], number] = await this.dataSource.query(
      `UPDATE import_items item
       SET state = 'running', tries = tries + 1, lease_owner = $1, lease_until = now() + $3 * interval '1 millisecond'
       FROM imports import
       WHERE item.id = ANY($2::bigint[]) AND item.state = 'queued' AND import.id = item.import_id
       RETURNING item.id, item.tries, item.import_id AS "importId", import.sequence, import.project_id AS "projectId",
         import.system_name AS "systemName", item.external_id AS "externalId", item.title, item.payload`,
      [owner, itemIds, leaseMs],
    );
    return rows.map((row) => ({ ...row, sequence: BigInt(row.sequence) }));
  }

  /** Prolongs the leases of a worker; the ids of the items that are still its own. */
  async renew(owner: string, leaseMs: number): Promise<string[]> {
    const [rows]: [Array<{ id: string }>, number] = await this.dataSource.query(
      `UPDATE import_items SET lease_until = now() + $2 * interval '1 millisecond'
       WHERE lease_owner = $1 AND state = 'running' RETURNING id`,
      [owner, leaseMs],
    );
    return rows.map(({ id }) => id);
  }

  /** Gives everything back that a worker holds, as if it had not been begun. */
  async release(owner: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE import_items SET state = 'pending', tries = tries - 1, lease_owner = NULL, lease_until = NULL
       WHERE lease_owner = $1 AND state = 'running'`,
      [owner],
    );
  }

  /** Makes items pending again whose worker has given no sign of life. */
  async recoverLost(kind: string): Promise<number> {
    const [, count]: [unknown[], number] = await this.dataSource.query(
      `UPDATE import_items item SET state = 'pending', lease_owner = NULL, lease_until = NULL
       FROM imports import
       WHERE item.state = 'running' AND item.lease_until < now() AND import.id = item.import_id AND import.kind = $1`,
      [kind],
    );
    return count;
  }

  /** Makes items pending again that are queued without a job behind them. */
  async recoverQueued(
    kind: string,
    itemIdsWithJob: readonly string[],
    onlyOverdue: boolean,
  ): Promise<number> {
    const [, count]: [unknown[], number] = await this.dataSource.query(
      `UPDATE import_items item SET state = 'pending', lease_until = NULL
       FROM imports import
       WHERE item.state = 'queued' AND item.id <> ALL($2::bigint[]) AND (NOT $3 OR item.lease_until < now())
         AND import.id = item.import_id AND import.kind = $1`,
      [kind, itemIdsWithJob, onlyOverdue],
    );
    return count;
  }
}
