import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { hotTransaction } from '../database/hot-transaction.js';
import { statement } from '../database/statement.js';
import type { DeliveryState } from './webhook-delivery.entity.js';

export interface NewDelivery {
  id: string;
  projectId: number;
  importId: string;
  type: string;
  url: string;
  receiverHost: string;
  body: string;
}

/** A delivery claimed by this process for its next attempt. */
export interface DueDelivery {
  id: string;
  projectId: number;
  url: string;
  receiverHost: string;
  body: string;
  /** Earlier attempts on this schedule, which a redelivery restarts. */
  scheduled: number;
  /** End of the lease. No other claim of this delivery ends at the same time, so it identifies the claim. */
  leaseUntil: Date;
}

/** Recorded outcome of an attempt. */
export interface AttemptRecord {
  startedAt: Date;
  durationMs: number;
  statusCode: number | null;
  error: string | null;
  response: string | null;
}

export interface AttemptEnding {
  state: DeliveryState;
  /** Milliseconds until the next attempt; null if there is none. */
  nextInMs: number | null;
}

export interface ClaimLimits {
  /** Maximum number of deliveries to claim. */
  total: number;
  /** Maximum number of deliveries per host, including those in flight. */
  perHost: number;
  /** In-flight deliveries by host. */
  inFlight: ReadonlyMap<string, number>;
  leaseMs: number;
}

const insertDeliveries = statement<[deliveriesJson: string, delayMs: number]>(
  'deliveries.insert',
  `INSERT INTO webhook_deliveries (id, project_id, import_id, type, url, receiver_host, body, next_attempt_at)
   SELECT id, "projectId", "importId", type, url, "receiverHost", body, now() + $2 * interval '1 millisecond'
   FROM json_to_recordset($1::json)
     AS delivery (id text, "projectId" integer, "importId" text, type text, url text, "receiverHost" text, body text)`,
);

const supersedeDeliveries = statement<[projectId: number, importId: string]>(
  'deliveries.supersede',
  `UPDATE webhook_deliveries SET state = 'superseded', next_attempt_at = NULL
   WHERE project_id = $1 AND import_id = $2 AND state = 'pending' AND type = 'import.finished'`,
);

// One step from host to host in the index: deliveries that wait for one host are not read to find the others. BETWEEN
// instead of =, or the planner takes the index of due times alone and reads them after all.
const claimDeliveries = statement<
  [total: number, perHost: number, inFlightByHostJson: string, leaseMs: number],
  DueDelivery
>(
  'deliveries.claim',
  `WITH RECURSIVE hosts AS (
     (SELECT receiver_host FROM webhook_deliveries WHERE state = 'pending' ORDER BY receiver_host LIMIT 1)
     UNION ALL
     SELECT next.receiver_host FROM hosts CROSS JOIN LATERAL (
       SELECT receiver_host FROM webhook_deliveries
       WHERE state = 'pending' AND receiver_host > hosts.receiver_host
       ORDER BY receiver_host LIMIT 1
     ) next
   ),
   due AS (
     SELECT waiting.id FROM hosts CROSS JOIN LATERAL (
       SELECT id, next_attempt_at FROM webhook_deliveries
       WHERE state = 'pending' AND receiver_host BETWEEN hosts.receiver_host AND hosts.receiver_host
         AND next_attempt_at <= now()
       ORDER BY receiver_host, next_attempt_at
       LIMIT greatest(0, $2::integer - coalesce(($3::jsonb ->> hosts.receiver_host)::integer, 0))
       FOR UPDATE SKIP LOCKED
     ) waiting
     ORDER BY waiting.next_attempt_at LIMIT $1
   ),
   claimed AS (
     UPDATE webhook_deliveries delivery
     SET next_attempt_at = date_trunc('milliseconds', now() + $4 * interval '1 millisecond')
     FROM due WHERE delivery.id = due.id
     RETURNING delivery.*
   )
   SELECT id, project_id AS "projectId", url, receiver_host AS "receiverHost", body,
     attempts - scheduled_from AS scheduled, next_attempt_at AS "leaseUntil"
   FROM claimed`,
);

// A statement of its own, so that the next one sees what an earlier transaction has recorded.
const lockDelivery = statement<[id: string]>(
  'deliveries.lock',
  'SELECT FROM webhook_deliveries WHERE id = $1 FOR UPDATE',
);

const recordAttempt = statement<
  [
    id: string,
    leaseUntil: Date,
    state: DeliveryState,
    nextInMs: number | null,
    startedAt: Date,
    durationMs: number,
    statusCode: number | null,
    error: string | null,
    response: string | null,
  ]
>(
  'deliveries.record_attempt',
  `WITH current AS (
     SELECT id, next_attempt_at IS NOT DISTINCT FROM $2 AS held,
       (state = 'pending' AND next_attempt_at = $2) OR (state <> 'delivered' AND $3::text = 'delivered') AS decides
     FROM webhook_deliveries
     WHERE id = $1 AND NOT EXISTS (
       SELECT FROM webhook_attempts
       WHERE delivery_id = $1 AND started_at = $5 AND duration_ms = $6 AND status_code IS NOT DISTINCT FROM $7)
   ),
   updated AS (
     UPDATE webhook_deliveries delivery
     SET attempts = attempts + 1,
       scheduled_from = scheduled_from + CASE WHEN held THEN 0 ELSE 1 END,
       state = CASE WHEN decides THEN $3 ELSE state END,
       next_attempt_at = CASE WHEN decides THEN now() + $4 * interval '1 millisecond' ELSE next_attempt_at END,
       delivered_at = CASE WHEN decides AND $3 = 'delivered' THEN now() ELSE delivered_at END
     FROM current WHERE delivery.id = current.id
     RETURNING delivery.id, delivery.attempts
   )
   INSERT INTO webhook_attempts (delivery_id, number, started_at, duration_ms, status_code, error, response)
   SELECT id, attempts, $5, $6, $7, $8, $9 FROM updated`,
);

const releaseDelivery = statement<[id: string, leaseUntil: Date]>(
  'deliveries.release',
  `UPDATE webhook_deliveries SET next_attempt_at = now()
   WHERE id = $1 AND next_attempt_at = $2 AND state = 'pending'`,
);

/** The outbox as a queue. All times are those of the database's clock. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(tx: EntityManager, deliveries: readonly NewDelivery[], delayMs: number): Promise<void> {
    await insertDeliveries.count(tx, JSON.stringify(deliveries), delayMs);
  }

  /** Supersedes pending deliveries about the end of an import. An in-flight attempt may still succeed, and then counts. */
  async supersede(tx: EntityManager, projectId: number, importId: string): Promise<void> {
    await supersedeDeliveries.count(tx, projectId, importId);
  }

  /**
   * Claims due deliveries, the longest overdue first, up to the limit of each host. The lease keeps others from claiming
   * them, so that no transaction stays open while a receiver answers.
   */
  claimDue({ total, perHost, inFlight, leaseMs }: ClaimLimits): Promise<DueDelivery[]> {
    const inFlightByHost = JSON.stringify(Object.fromEntries(inFlight));
    return hotTransaction(this.dataSource, (tx) =>
      claimDeliveries.rows(tx, total, perHost, inFlightByHost, leaseMs),
    );
  }

  /**
   * Records an attempt and what follows from it. Where the claim is over (an expired lease, a redelivery), the attempt
   * leaves the schedule to the present claim; but an accepted delivery is delivered in any case. An attempt that is
   * recorded already changes nothing: the connection may have broken after the commit.
   */
  async recordAttempt(
    { id, leaseUntil }: DueDelivery,
    { startedAt, durationMs, statusCode, error, response }: AttemptRecord,
    { state, nextInMs }: AttemptEnding,
  ): Promise<void> {
    const attempt = [startedAt, durationMs, statusCode, error, response] as const;
    await hotTransaction(this.dataSource, async (tx) => {
      await lockDelivery.count(tx, id);
      await recordAttempt.count(tx, id, leaseUntil, state, nextInMs, ...attempt);
    });
  }

  /** Returns a claimed delivery, due at once. */
  async release({ id, leaseUntil }: DueDelivery): Promise<void> {
    await hotTransaction(this.dataSource, (tx) => releaseDelivery.count(tx, id, leaseUntil));
  }
}
