import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { ClaimedItem } from '../import-kind.js';

@Injectable()
export class OwnedRepository {
  /**
   * Locks those items that are still the worker's; their ids. What is not among them has no say any more. A process that
   * is suspended before it commits loses its connection, and with it the locks that others wait for.
   */
  async lock(
    tx: EntityManager,
    owner: string,
    items: ReadonlyArray<Pick<ClaimedItem, 'id' | 'claim'>>,
  ): Promise<Set<string>> {
    const rows: Array<{ id: string }> = await tx.query(
      prepared(`WITH impatient AS MATERIALIZED (SELECT set_config('idle_in_transaction_session_timeout', '5s', true))
       SELECT item.id
       FROM impatient CROSS JOIN import_items item
       JOIN unnest($2::bigint[], $3::integer[]) AS own (id, claim) ON own.id = item.id AND own.claim = item.claim
       WHERE item.state = 'running' AND item.lease_owner = $1
       ORDER BY item.id
       FOR UPDATE OF item`),
      [owner, items.map(({ id }) => id), items.map(({ claim }) => claim)],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
