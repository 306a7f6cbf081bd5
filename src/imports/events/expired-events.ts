import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Environment } from '../../config/environment.js';

/** Events per statement. */
const PAGE = 5_000;
/** A cursor that is accepted now can be used for this long. */
const MARGIN_MS = 3_600_000;

/** Removes events after their retention, except those that `ItemsWebhooks` has yet to read. */
@Injectable()
export class ExpiredEvents {
  constructor(
    private readonly dataSource: DataSource,
    private readonly environment: Environment,
  ) {}

  /** Removes the oldest events page by page, so that an index of times is unnecessary. */
  async remove(signal: AbortSignal): Promise<void> {
    const keptMs = this.environment.EVENT_RETENTION + MARGIN_MS;
    let removed = PAGE;
    while (removed === PAGE && !signal.aborted) {
      const [, count]: [unknown, number] = await this.dataSource.query(
        `DELETE FROM import_events WHERE id IN (
           SELECT id FROM (
             SELECT id, created_at FROM import_events event
             WHERE NOT EXISTS (SELECT FROM imports WHERE imports.id = event.import_id AND told_event_id < event.id)
             ORDER BY id LIMIT ${PAGE}
           ) oldest
           WHERE created_at < now() - $1 * interval '1 millisecond')`,
        [keptMs],
      );
      removed = count;
    }
  }
}
