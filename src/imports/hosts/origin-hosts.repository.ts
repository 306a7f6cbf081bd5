import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { statement } from '../../database/statement.js';
import type { HostChange, HostRecord } from './host-signs.js';

export interface HostLimit {
  host: string;
  /** Maximum in-flight items. */
  share: number;
  /** How long its circuit stays open, in milliseconds; 0 if it is closed. */
  blockedForMs: number;
}

/** Retention of a host without attempts or pending items, from the end of its open circuit. */
const KEPT_MS = 600_000;
/** A host with pending items is renewed when it expires within this time. */
export const RENEWED_BEFORE_MS = KEPT_MS / 2;

/** Maximum hosts removed by one statement. */
const REMOVED_AT_ONCE = 10_000;

const selectLimits = statement<[hosts: readonly string[]], HostLimit>(
  'hosts.select_limits',
  `SELECT host, share, greatest(0, ceil(
       extract(epoch FROM greatest(blocked_until, asked_until) - now()) * 1000))::double precision AS "blockedForMs"
     FROM origin_hosts WHERE host = ANY($1)`,
);

const renewHosts = statement<[hosts: readonly string[], keptMs: number, renewedBeforeMs: number]>(
  'hosts.renew',
  `UPDATE origin_hosts SET expires_at = now() + $2 * interval '1 millisecond'
   WHERE host IN (
     SELECT host FROM origin_hosts WHERE host = ANY($1) AND expires_at < now() + $3 * interval '1 millisecond'
     ORDER BY host FOR UPDATE SKIP LOCKED)`,
);

interface HostRow extends HostRecord {
  host: string;
}

const selectHosts = statement<[hosts: readonly string[]], HostRow>(
  'hosts.select',
  `SELECT host, share, failures, last_item_id AS "lastItemId",
     (extract(epoch FROM now() - failing_since) * 1000)::double precision AS "failingForMs",
     (extract(epoch FROM now() - noted_at) * 1000)::double precision AS "notedAgoMs"
   FROM origin_hosts WHERE host = ANY($1)`,
);

const saveHosts = statement<[changesJson: string, keptMs: number]>(
  'hosts.save',
  `INSERT INTO origin_hosts AS host (host, share, failures, failing_since, blocked_until, asked_until, last_item_id, noted_at, expires_at)
   SELECT host, share, failures, now() - "failingForMs" * interval '1 millisecond',
     now() + "blockedForMs" * interval '1 millisecond', now() + "askedForMs" * interval '1 millisecond', "lastItemId", now(),
     now() + (greatest("blockedForMs", "askedForMs", 0) + $2) * interval '1 millisecond'
   FROM json_to_recordset($1::json) AS change (host text, share integer, failures integer,
     "failingForMs" double precision, "blockedForMs" double precision, "askedForMs" double precision, "lastItemId" bigint)
   ORDER BY host
   ON CONFLICT (host) DO UPDATE SET share = excluded.share, failures = excluded.failures,
     failing_since = excluded.failing_since, blocked_until = excluded.blocked_until,
     asked_until = greatest(host.asked_until, excluded.asked_until),
     last_item_id = excluded.last_item_id, noted_at = excluded.noted_at,
     expires_at = greatest(host.expires_at, excluded.expires_at)`,
);

const removeExpired = statement<[count: number]>(
  'hosts.remove_expired',
  `DELETE FROM origin_hosts WHERE host IN (
     SELECT host FROM origin_hosts WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
);

@Injectable()
export class OriginHostsRepository {
  /** Limits of these hosts, where known. */
  limits(tx: EntityManager, hosts: readonly string[]): Promise<HostLimit[]> {
    return selectLimits.rows(tx, hosts);
  }

  /** Postpones the expiry of hosts, except those that another transaction has locked. */
  async renew(tx: EntityManager, hosts: readonly string[]): Promise<void> {
    await renewHosts.count(tx, hosts, KEPT_MS, RENEWED_BEFORE_MS);
  }

  async find(tx: EntityManager, hosts: readonly string[]): Promise<Map<string, HostRecord>> {
    return new Map((await selectHosts.rows(tx, hosts)).map(({ host, ...record }) => [host, record]));
  }

  /** The last write wins: workers that update a host concurrently have made similar observations. */
  async save(tx: EntityManager, changes: ReadonlyMap<string, HostChange>): Promise<void> {
    const records = [...changes].map(([host, change]) => ({ host, ...change }));
    await saveHosts.count(tx, JSON.stringify(records), KEPT_MS);
  }

  /** Removes a batch of expired hosts, which start again as unknown. A host with pending items does not expire. */
  async removeExpired(tx: EntityManager): Promise<void> {
    await removeExpired.count(tx, REMOVED_AT_ONCE);
  }
}
