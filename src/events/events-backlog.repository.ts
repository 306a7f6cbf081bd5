import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Extensions } from '../extension/extensions.js';

/** Why events wait. A closed list. */
export const EVENT_REASONS = ['listener_missing', 'dead_letters'] as const;

export type EventReason = (typeof EVENT_REASONS)[number];

/** Deliveries of one listener. */
export interface ListenerBacklog {
  listener: string;
  pending: number;
  dead: number;
}

@Injectable()
export class EventsBacklogRepository {
  private readonly installed: readonly string[];

  constructor(
    private readonly dataSource: DataSource,
    extensions: Extensions,
  ) {
    this.installed = extensions.listeners.map(({ name }) => name);
  }

  /** One row for each installed listener, and for each other one that has deliveries. */
  byListener(): Promise<ListenerBacklog[]> {
    return this.dataSource.query(
      `SELECT listener, count(*) FILTER (WHERE state = 'pending')::integer AS pending,
         count(*) FILTER (WHERE state = 'dead')::integer AS dead
       FROM unnest($1::text[]) AS listener LEFT JOIN event_deliveries USING (listener) GROUP BY listener
       UNION ALL
       SELECT listener, count(*) FILTER (WHERE state = 'pending')::integer,
         count(*) FILTER (WHERE state = 'dead')::integer
       FROM event_deliveries WHERE listener <> ALL ($1) GROUP BY listener`,
      [this.installed],
    );
  }

  /** Reads one row per listener, however many deliveries wait. */
  async reasons(): Promise<EventReason[]> {
    const [found] = await this.dataSource.query<[Record<EventReason, boolean>]>(
      `WITH RECURSIVE waiting AS (
         (SELECT listener FROM event_deliveries WHERE state = 'pending' ORDER BY listener LIMIT 1)
         UNION ALL
         SELECT next.listener FROM waiting CROSS JOIN LATERAL (
           SELECT listener FROM event_deliveries WHERE state = 'pending' AND listener > waiting.listener
           ORDER BY listener LIMIT 1
         ) next
       )
       SELECT EXISTS (SELECT FROM waiting WHERE listener <> ALL ($1::text[])) AS listener_missing,
         EXISTS (SELECT FROM event_deliveries WHERE state = 'dead') AS dead_letters`,
      [this.installed],
    );
    return EVENT_REASONS.filter((reason) => found[reason]);
  }
}
