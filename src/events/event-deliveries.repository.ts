import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hotTransaction } from '../database/hot-transaction.js';
import { statement } from '../database/statement.js';
import type { ReelportEvent } from '../extension/define-listener.js';

/** Free slots of a listener. */
export interface ListenerSlots {
  listener: string;
  free: number;
  leaseMs: number;
}

/** A delivery claimed by this process for its next attempt. */
export interface DueEvent {
  id: string;
  listener: string;
  event: ReelportEvent;
  occurredAt: Date;
  /** Number of this attempt; it also identifies the claim. */
  attempt: number;
  /** The same on the current schedule, which a retry of a dead letter restarts. */
  scheduled: number;
}

// Attempts are counted when they begin, or an event that crashes the worker would be tried for ever.
const claimEvents = statement<[slotsJson: string, mostAttempts: number], DueEvent>(
  'events.claim',
  `WITH slot AS (
     SELECT * FROM json_to_recordset($1::json) AS slot (listener text, free integer, "leaseMs" double precision)
   ),
   due AS (
     SELECT waiting.id, slot."leaseMs", waiting.attempts - waiting.scheduled_from >= $2::integer AS is_last
     FROM slot CROSS JOIN LATERAL (
       SELECT id, attempts, scheduled_from FROM event_deliveries
       WHERE state = 'pending' AND listener BETWEEN slot.listener AND slot.listener AND next_attempt_at <= now()
       ORDER BY listener, next_attempt_at LIMIT slot.free
       FOR UPDATE SKIP LOCKED
     ) waiting
   ),
   claimed AS (
     UPDATE event_deliveries delivery
     SET attempts = attempts + CASE WHEN is_last THEN 0 ELSE 1 END,
       state = CASE WHEN is_last THEN 'dead' ELSE 'pending' END,
       next_attempt_at = CASE WHEN is_last THEN NULL ELSE now() + "leaseMs" * interval '1 millisecond' END,
       failed_at = CASE WHEN is_last THEN date_trunc('milliseconds', now()) END,
       last_error = CASE WHEN is_last THEN coalesce(last_error, 'The worker stopped during the attempt') END
     FROM due WHERE delivery.id = due.id
     RETURNING delivery.*
   )
   SELECT claimed.id, claimed.listener, claimed.attempts AS attempt,
     claimed.attempts - claimed.scheduled_from AS scheduled, event.occurred_at AS "occurredAt",
     event.body || jsonb_build_object('type', event.type, 'projectId', event.project_id) AS event
   FROM claimed JOIN events event ON event.id = claimed.event_id WHERE claimed.state = 'pending'`,
);

/** Whether the claim of an attempt still holds: no other one, and no retry of the dead letter, came after it. */
const HELD = `id = $1 AND attempts = $2 AND attempts > scheduled_from AND state = 'pending'`;

const failEvent = statement<[id: string, attempt: number, error: string, nextInMs: number | null]>(
  'events.fail',
  `UPDATE event_deliveries
   SET state = CASE WHEN $4::double precision IS NULL THEN 'dead' ELSE 'pending' END,
     next_attempt_at = now() + $4 * interval '1 millisecond',
     failed_at = CASE WHEN $4 IS NULL THEN date_trunc('milliseconds', now()) END,
     last_error = $3
   WHERE ${HELD}`,
);

const releaseEvent = statement<[id: string, attempt: number]>(
  'events.release',
  `UPDATE event_deliveries SET next_attempt_at = now(), attempts = attempts - 1
   WHERE ${HELD}`,
);

// Locked in one order, so that of two listeners that end at the same time one sees what the other has removed.
const lockEvents = statement<[deliveryIds: readonly string[]], { id: string }>(
  'events.lock',
  `SELECT id FROM events WHERE id IN (SELECT event_id FROM event_deliveries WHERE id = ANY ($1::uuid[]))
   ORDER BY id FOR UPDATE`,
);

const removeDeliveries = statement<[deliveryIds: readonly string[]]>(
  'events.remove_deliveries',
  'DELETE FROM event_deliveries WHERE id = ANY ($1::uuid[])',
);

const removeEvents = statement<[eventIds: readonly string[]]>(
  'events.remove',
  `DELETE FROM events WHERE id = ANY ($1::bigint[])
     AND NOT EXISTS (SELECT FROM event_deliveries WHERE event_id = events.id)`,
);

/** The deliveries as a queue for each listener. All times are those of the database's clock. */
@Injectable()
export class EventDeliveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Claims due deliveries, the longest overdue first. A delivery whose last attempt ended with its worker becomes a dead
   * letter instead.
   */
  claim(slots: readonly ListenerSlots[], mostAttempts: number): Promise<DueEvent[]> {
    return hotTransaction(this.dataSource, (tx) => claimEvents.rows(tx, JSON.stringify(slots), mostAttempts));
  }

  /** Removes delivered ones, also if another worker has claimed them meanwhile, and events that have none left. */
  async remove(ids: readonly string[]): Promise<void> {
    // A database crash may undo it: then they are delivered again.
    const relaxed = { durable: false };
    await hotTransaction(
      this.dataSource,
      async (tx) => {
        const events = await lockEvents.rows(tx, ids);
        await removeDeliveries.count(tx, ids);
        await removeEvents.count(
          tx,
          events.map(({ id }) => id),
        );
      },
      relaxed,
    );
  }

  /** Records a failed attempt whose claim still holds. @param nextInMs null if it was the last one */
  async fail({ id, attempt }: DueEvent, error: string, nextInMs: number | null): Promise<void> {
    await hotTransaction(this.dataSource, (tx) => failEvent.count(tx, id, attempt, error, nextInMs));
  }

  /** Returns a claimed delivery, due at once, as if the attempt had not begun. */
  async release({ id, attempt }: DueEvent): Promise<void> {
    await hotTransaction(this.dataSource, (tx) => releaseEvent.count(tx, id, attempt));
  }
}
