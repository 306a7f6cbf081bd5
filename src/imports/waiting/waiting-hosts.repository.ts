import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NO_HOST } from '../hosts/no-host.js';
import type { ThrottleRow } from './host-throttle.dto.js';

/** Unfinished items of a project by host, and the throttle of the host. */
export interface WaitingHost extends ThrottleRow {
  host: string | null;
  pending: number;
  inFlight: number;
}

@Injectable()
export class WaitingHostsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Reads the pending items of the project from an index, and in-flight items of all projects, which are few. */
  list(projectId: number): Promise<WaitingHost[]> {
    return this.dataSource.query(
      `WITH unfinished AS (SELECT id FROM imports WHERE project_id = $1 AND state = 'started'),
       waiting AS (
         SELECT item.origin_host, count(*)::integer AS pending FROM unfinished
         JOIN import_items item ON item.import_id = unfinished.id AND item.state = 'pending'
         GROUP BY item.origin_host),
       flying AS (
         SELECT item.origin_host, count(*)::integer AS in_flight FROM import_items item
         JOIN unfinished ON unfinished.id = item.import_id
         WHERE item.state IN ('queued', 'running') GROUP BY item.origin_host)
       SELECT nullif(origin_host, '${NO_HOST}') AS host, coalesce(waiting.pending, 0) AS pending,
         coalesce(flying.in_flight, 0) AS "inFlight", coalesce(host.failures, 0) AS failures, host.share,
         host.blocked_until AS "blockedUntil", host.asked_until AS "askedUntil", now() AS now
       FROM waiting FULL JOIN flying USING (origin_host)
       LEFT JOIN origin_hosts host ON host.host = origin_host`,
      [projectId],
    );
  }
}
