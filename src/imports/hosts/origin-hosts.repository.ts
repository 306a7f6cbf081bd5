import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { HostChange, HostRecord } from './host-signs.js';

export interface HostLimit {
  host: string;
  /** Items that it may have under way now; 0 while it is left alone. */
  share: number;
}

@Injectable()
export class OriginHostsRepository {
  /** The hosts that are known, which are those that were fetched from lately. */
  limits(tx: EntityManager): Promise<HostLimit[]> {
    return tx.query(
      prepared(
        `SELECT host, CASE WHEN greatest(blocked_until, asked_until) > now() THEN 0 ELSE share END AS share FROM origin_hosts`,
      ),
    );
  }

  async find(tx: EntityManager, hosts: readonly string[]): Promise<Map<string, HostRecord>> {
    const rows: Array<HostRecord & { host: string }> = await tx.query(
      prepared(`SELECT host, share, failures, last_item_id AS "lastItemId",
         (extract(epoch FROM now() - failing_since) * 1000)::double precision AS "failingForMs",
         (extract(epoch FROM now() - noted_at) * 1000)::double precision AS "notedAgoMs"
       FROM origin_hosts WHERE host = ANY($1)`),
      [hosts],
    );
    return new Map(rows.map(({ host, ...record }) => [host, record]));
  }

  /** Two workers that write of one host at the same moment have seen much the same: the later one counts. */
  async save(tx: EntityManager, changes: ReadonlyMap<string, HostChange>): Promise<void> {
    const records = [...changes].map(([host, change]) => ({ host, ...change }));
    await tx.query(
      prepared(`INSERT INTO origin_hosts AS host (host, share, failures, failing_since, blocked_until, asked_until, last_item_id, noted_at)
       SELECT host, share, failures, now() - "failingForMs" * interval '1 millisecond',
         now() + "blockedForMs" * interval '1 millisecond', now() + "askedForMs" * interval '1 millisecond', "lastItemId", now()
       FROM json_to_recordset($1::json) AS change (host text, share integer, failures integer,
         "failingForMs" double precision, "blockedForMs" double precision, "askedForMs" double precision, "lastItemId" bigint)
       ORDER BY host
       ON CONFLICT (host) DO UPDATE SET share = excluded.share, failures = excluded.failures,
         failing_since = excluded.failing_since, blocked_until = excluded.blocked_until,
         asked_until = greatest(host.asked_until, excluded.asked_until),
         last_item_id = excluded.last_item_id, noted_at = excluded.noted_at`),
      [JSON.stringify(records)],
    );
  }
}
