import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { statement } from '../database/statement.js';
import type { EventType, ReelportEvent } from '../extension/define-listener.js';

/** A type of events that a listener gets. */
export interface Subscription {
  type: EventType;
  listener: string;
}

const insertEvents = statement<[eventsJson: string, subscriptionsJson: string]>(
  'events.insert',
  `WITH event AS (
     INSERT INTO events (project_id, type, body)
     SELECT project_id, type, body
     FROM json_to_recordset($1::json) AS event (project_id integer, type text, body jsonb)
     RETURNING id, project_id, type
   )
   INSERT INTO event_deliveries (id, event_id, project_id, listener, next_attempt_at)
   SELECT gen_random_uuid(), event.id, event.project_id, subscription.listener, now()
   FROM event JOIN json_to_recordset($2::json) AS subscription (type text, listener text) USING (type)`,
);

@Injectable()
export class EventsRepository {
  /** Inserts events with one delivery for each listener. */
  async insert(
    tx: EntityManager,
    events: readonly ReelportEvent[],
    subscriptions: readonly Subscription[],
  ): Promise<void> {
    const records = events.map(({ projectId, type, ...body }) => ({ project_id: projectId, type, body }));
    await insertEvents.count(tx, JSON.stringify(records), JSON.stringify(subscriptions));
  }
}
