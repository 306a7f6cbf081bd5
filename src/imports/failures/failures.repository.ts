import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NO_HOST } from '../hosts/no-host.js';

/** Items of an import that failed, or wait after a failure, for the same reason. */
export interface FailureGroup {
  code: string;
  host: string | null;
  httpStatus: number | null;
  /** Whether Reelport tries these items again. */
  waiting: boolean;
  count: number;
  firstSeen: Date;
  lastSeen: Date;
  retry: boolean;
  /** Earliest attempt of a pending item. */
  nextTryAt: Date | null;
  /** Until when the host asked for a pause, and until when its circuit is open; null if these times are over. */
  askedUntil: Date | null;
  blockedUntil: Date | null;
  /** The first item of the group. */
  position: number;
  externalId: string;
  payload: object;
  reason: string | null;
}

export interface FailureGroups {
  groups: FailureGroup[];
  /** Number of groups, including those beyond the limit. */
  total: number;
}

@Injectable()
export class FailuresRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The largest groups first. Items that no attempt failed, such as cancelled ones, were seen when they finished.
   *
   * @param limit maximum groups
   */
  async groups(importId: string, limit: number): Promise<FailureGroups> {
    const rows: Array<FailureGroup & { total: number }> = await this.dataSource.query(
      `WITH failure AS (
         SELECT item.*, item.state <> 'failed' AS waiting, attempt.first, attempt.last
         FROM import_items item
         LEFT JOIN LATERAL (
           SELECT min(ended_at) AS first, max(ended_at) AS last FROM import_attempts
           WHERE item_id = item.id AND code = item.code AND http_status IS NOT DISTINCT FROM item.http_status
         ) attempt ON true
         WHERE item.import_id = $1 AND item.code IS NOT NULL
       ),
       grouped AS (
         SELECT code, origin_host, http_status, waiting, count(*)::integer AS count, bool_or(retryable) AS retry,
           min(coalesce(first, finished_at, least(due_at, now()))) AS first_seen,
           max(greatest(last, finished_at, CASE WHEN last IS NULL THEN least(due_at, now()) END)) AS last_seen,
           min(due_at) FILTER (WHERE state IN ('pending', 'queued')) AS next_try_at, min(position) AS position
         FROM failure GROUP BY code, origin_host, http_status, waiting
         ORDER BY count(*) DESC, min(position)
       )
       SELECT grouped.code, nullif(grouped.origin_host, '${NO_HOST}') AS host, grouped.http_status AS "httpStatus",
         grouped.waiting, grouped.count, grouped.first_seen AS "firstSeen", grouped.last_seen AS "lastSeen",
         coalesce(grouped.retry, false) AS retry, grouped.next_try_at AS "nextTryAt",
         CASE WHEN host.asked_until > now() THEN host.asked_until END AS "askedUntil",
         CASE WHEN host.blocked_until > now() THEN host.blocked_until END AS "blockedUntil",
         grouped.position, sample.external_id AS "externalId", sample.payload, sample.reason,
         (SELECT count(*)::integer FROM grouped) AS total
       FROM (SELECT * FROM grouped LIMIT $2) grouped
       JOIN import_items sample ON sample.import_id = $1 AND sample.position = grouped.position
       LEFT JOIN origin_hosts host ON host.host = grouped.origin_host
       ORDER BY grouped.count DESC, grouped.position`,
      [importId, limit],
    );
    return { groups: rows, total: rows[0]?.total ?? 0 };
  }
}
